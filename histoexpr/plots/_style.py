"""How figures look."""

from ..utils import require

# Okabe and Ito's palette, told apart by colour-blind readers
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
DIVERGING = "PuOr"
NEUTRAL = "0.88"  # squares for which there is no figure


def pyplot(purpose):
    """Return matplotlib.pyplot or say which extra brings it."""
    return require("matplotlib.pyplot", purpose)


def clean(ax):
    """Take away the frame lines that carry no information."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def label_tss_axis(ax, window):
    """Label an axis in kb around the TSS and mark the TSS."""
    ax.axvline(0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    ax.set_xlim(window[0] / 1000, window[1] / 1000)
    ax.set_xlabel("kb around the TSS")
