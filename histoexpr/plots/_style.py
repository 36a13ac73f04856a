"""How figures look: colours, sizes of letters, names, frames and axes around the TSS."""

import textwrap

# What labels 0 and 1 are called
CLASSES = {1: "expressed", 0: "not expressed"}
# Okabe and Ito's palette, which colour-blind readers can distinguish
BLUE, RED, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
PALETTE = [BLUE, RED, GREEN, PURPLE, ORANGE, SKY, BLACK]
DIVERGING, SEQUENTIAL = "PuOr", "viridis"
HIGHER, LOWER = "#5E3C99", "#C05A00"  # near its ends: higher in the second cell, in the first
GREY = "#BBBBBB"
NEUTRAL = "0.88"  # squares without a value
TITLE, SMALL = 10, 8  # points
# What lies to the left and to the right of the TSS, by whether bins run along transcription
_SIDES = {True: "upstream | downstream", False: "genome left | right"}
_PLUS = {True: "downstream", False: "right on the genome"}


def colors_of(names):
    """Return a colour of the palette for each name."""
    return {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(names)}


def clean(ax):
    """Remove the frame lines at the top and on the right."""
    ax.spines[["top", "right"]].set_visible(False)


def tss_axis_text(oriented=None):
    """Return the label of an axis of positions: what lies on which side, where that is known."""
    if oriented is None:
        return "kb around the TSS"
    return f"kb around the TSS\n\N{LEFTWARDS ARROW} {_SIDES[oriented]} \N{RIGHTWARDS ARROW}"


def around_tss(text, oriented=None):
    """Return text about positions around the TSS and, in a line of its own, what + is."""
    return text if oriented is None else f"{text}\n(+ is {_PLUS[oriented]})"


def label_tss_axis(ax, window, oriented=None):
    """Label an axis in kb around the TSS and mark the TSS."""
    ax.axvline(0, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    ax.set_xlim(window[0] / 1000, window[1] / 1000)
    ax.set_xlabel(tss_axis_text(oriented))


def draw_image(ax, values, **params):
    """Draw a heatmap; any other way to fit squares to pixels mixes those side by side."""
    return ax.imshow(values, interpolation="nearest", **params)


def draw_band(ax, x, low, middle, high, *, color, alpha, **line):
    """Draw a line with a band around it."""
    ax.fill_between(x, low, high, color=color, alpha=alpha, lw=0)
    ax.plot(x, middle, color=color, linewidth=1.4, **line)


def in_kb(first, last):
    """Return a region in bp as text."""
    ends = (f"{position / 1000:+g}" if position else "0" for position in (first, last))
    return with_minus(f"{' to '.join(ends)} kb")


def with_minus(text):
    """Return a number as text with the sign for minus that axes have."""
    return text.replace("-", "\N{MINUS SIGN}")


def shorten_name(text, length=60):
    """Return a name that leaves room for the figure."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def wrap(text, width=22):
    """Return a shortened name in lines."""
    return "\n".join(textwrap.wrap(shorten_name(text), width)) or text
