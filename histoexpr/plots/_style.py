"""How figures look: colours, sizes of letters, frames and axes around the TSS."""

from ..utils import require

# Okabe and Ito's palette, which colour-blind readers can distinguish
BLUE, RED, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
PALETTE = [BLUE, RED, GREEN, PURPLE, ORANGE, SKY, BLACK]
DIVERGING, SEQUENTIAL = "PuOr", "viridis"
GREY = "#BBBBBB"
NEUTRAL = "0.88"  # squares without a value
TITLE, SMALL = 10, 8  # points


def pyplot(purpose):
    """Return matplotlib.pyplot or name the extra that installs it."""
    return require("matplotlib.pyplot", purpose)


def clean(ax):
    """Remove the frame lines at the top and on the right."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def small_letters(ax):
    """Write the labels and ticks of an axes small, whatever the user's default is."""
    ax.xaxis.label.set_size(SMALL)
    ax.yaxis.label.set_size(SMALL)
    ax.tick_params(labelsize=SMALL)


def label_tss_axis(ax, window):
    """Label an axis in kb around the TSS and mark the TSS."""
    ax.axvline(0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    ax.set_xlim(window[0] / 1000, window[1] / 1000)
    ax.set_xlabel("kb around the TSS")


def in_kb(first, last):
    """Return a region in bp as text."""
    ends = (f"{position / 1000:+g}" if position else "0" for position in (first, last))
    return with_minus(f"{' to '.join(ends)} kb")


def with_minus(text):
    """Return a number as text with the sign for minus that axes have."""
    return text.replace("-", "\N{MINUS SIGN}")
