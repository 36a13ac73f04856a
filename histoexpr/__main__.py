"""Run the command line with ``python -m histoexpr``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
