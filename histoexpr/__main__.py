"""Run the command line with ``python -m histoexpr``."""

import sys

from .cli import main

if __name__ == "__main__":
    status = main()
    # Ctrl-C inside of exec(), by which libraries make classes while they are imported, is kept in
    # mind by Python, which would end by the signal in spite of 130; to run code anew resets that
    exec("pass")
    sys.exit(status)
