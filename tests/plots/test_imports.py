"""What loading the figures loads."""

import subprocess
import sys

CODE = """\
import sys
import histoexpr.plots

heavy = {"torch", "skorch", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""


def test_figures_are_loaded_without_torch_and_matplotlib():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
