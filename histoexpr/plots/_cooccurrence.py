"""Co-occurrence of marks, drawn by distance from the TSS or as a matrix."""

import numpy as np
from sklearn.utils.validation import check_consistent_length

from ..utils import (
    StrOptions,
    check_type,
    read_signals,
    refuse_masked,
    validate_params,
)
from ._cooccurrence_sets import comparison_of, measure_sets, name_comparison, what_is_held
from ._panels import Panels, in_lines, name_squares, room_of, set_title
from ._style import (
    CLASSES,
    DIVERGING,
    NEUTRAL,
    SEQUENTIAL,
    SMALL,
    around_tss,
    in_kb,
    tss_axis_text,
)

_ASSOCIATION = "log\N{SUBSCRIPT TWO} odds ratio of being\npresent together"
# Share of the odds ratios within the colour scale: those of rare marks are far larger
_SHOWN = 0.95


class MarkCooccurrenceDisplay(Panels):
    """Co-occurrence of marks by distance from the TSS, one column of panels per set.

    Make it with :meth:`from_maps`, :meth:`from_signals` or from :class:`MarkCooccurrence`.

    Parameters
    ----------
    found : dict of str -> MarkCooccurrence
        By the title of their panels, with the same windows and marks.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        One column per set. For ``kind="distance"`` the first row is how often each mark is
        present, the second how the pairs are associated and the third what that is beside; for
        ``"matrix"`` there is one row.
    """

    def __init__(self, found):
        from ..inspection import MarkCooccurrence

        remedy = "Give results of histoexpr.mark_cooccurrence by the titles of their panels."
        check_type("found", found, dict, remedy)
        if not found:
            raise ValueError("found is empty; give at least one set.")
        for title, one in found.items():
            check_type(f"found[{title!r}]", one, MarkCooccurrence, remedy)
        self.found = dict(found)
        first = next(iter(self.found.values()))
        for title, other in self.found.items():
            if other.marks != first.marks or not np.array_equal(other.edges, first.edges):
                raise ValueError(f"{title!r} has other marks or windows than the first set.")
        known = {one.oriented for one in self.found.values()} - {None}
        if len(known) > 1:
            raise ValueError(
                "Positions of some sets run along transcription, of others along the genome. Turn "
                "their data sets with data.orient() first."
            )
        self.oriented = next(iter(known), None)

    @classmethod
    def from_maps(
        cls,
        maps,
        *,
        classifier=None,
        generator=None,
        reference=None,
        n_draws=20,
        random_state=None,
        verbose=0,
        kind="distance",
        confidence=0.95,
        axes=None,
        **params,
    ):
        """Estimate the co-occurrence of marks in each of several sets, and draw it.

        Class maps come beside their null, see :func:`maps_cooccurrence`, and other signals
        adjusted for expression where it is known, see :func:`mark_cooccurrence`.

        Parameters
        ----------
        maps : dict of str -> ClassMaps, HistoneDataset or array-like of shape \
                (n_samples, n_bins, n_marks)
            By the title of their panels, such as the maps of a class and real genes of it. Marks
            are matched by name.
        classifier : classifier, optional
            That class maps are of; needed by these.
        generator : SignalGenerator, optional
            That made maps of method "gan"; needed by these.
        reference : HistoneDataset or array-like of shape (n_reference, n_bins, n_marks), optional
            Signals that the thresholds of all sets are taken from; default all sets. Maps of
            method "data" need the real genes that they were selected from.
        n_draws : int, default=20
            Draws of the null of class maps.
        random_state : int, RandomState instance or None, default=None
            Of the null.
        verbose : int, default=0
            1 shows a progress bar for each null.
        kind : {"distance", "matrix"}, default="distance"
        confidence : float, default=0.95
        axes : array-like of matplotlib.axes.Axes, optional
            See :meth:`plot`.
        **params
            Passed on to :func:`mark_cooccurrence` and :func:`maps_cooccurrence`: those that both
            have, and ``generated`` for signals that are no maps.

        Returns
        -------
        MarkCooccurrenceDisplay
        """
        null = {"n_draws": n_draws, "random_state": random_state, "verbose": verbose}
        null["generator"] = generator
        found = measure_sets(maps, reference, classifier, null, params)
        return cls(found).plot(kind=kind, confidence=confidence, axes=axes)

    @classmethod
    def from_signals(cls, X, y=None, *, names=None, **params):
        """Estimate the co-occurrence of marks in each class of signals, and draw it.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        y : array-like of shape (n_samples,), optional
            Classes of the signals; by default those of the data set.
        names : dict, optional
            What to call each class; default 1 is "expressed" and 0 "not expressed".
        **params
            Passed on to :meth:`from_maps`; ``reference`` is ``X`` by default.

        Returns
        -------
        MarkCooccurrenceDisplay
        """
        source = read_signals(X)
        y = source.labels(y)
        if y is None:
            raise ValueError("y is missing: give one class for each sample, or a data set as X.")
        y = np.asarray(refuse_masked(y, "y"))
        if source.dataset is None:
            X = source.arrange(np.asarray(source.values))
            params = {"marks": source.marks} | params
        check_consistent_length(X, y)
        classes = np.unique(y).tolist()
        if names is None:
            names = CLASSES if set(classes) <= set(CLASSES) else {}
        sets = {names.get(c, f"class {c}"): X[y == c] for c in reversed(classes)}
        return cls.from_maps(sets, **{"reference": X, **params})

    @validate_params(
        {"kind": [StrOptions({"distance", "matrix"})], "beside": ["boolean"]},
        prefer_skip_nested_validation=True,
    )
    def plot(self, *, kind="distance", beside=True, confidence=0.95, axes=None):
        """Draw one column of panels per set, on the same colour scales.

        The association is given expression or whatever else was held fixed, that of class maps
        less their null. Filled dots mark the pairs whose interval does not contain 0. Maps of one
        generator have no interval: open dots mark the pairs further than two standard deviations
        from their null. Pairs that tell nothing, of which one mark is present in all samples or
        in none, are grey. One in twenty associations is beyond the colour scale.

        Parameters
        ----------
        kind : {"distance", "matrix"}, default="distance"
            ``"distance"`` draws marks × windows, how often each is present, and pairs of
            marks × windows, how they are associated at the same distance from the TSS.
            ``"matrix"`` draws the association of every mark at every distance with every
            other, without dots.
        beside : bool, default=True
            Whether ``"distance"`` has a third row with what the association is beside: the
            unadjusted one, and the null of class maps.
        confidence : float, default=0.95
            Of the intervals, for each pair on its own.
        axes : array-like of matplotlib.axes.Axes, optional
            Three rows, or two without ``beside``, or one for ``"matrix"``, of one column per
            set; made if not given.

        Returns
        -------
        self
        """
        n_sets, marks = len(self.found), next(iter(self.found.values())).marks
        if kind == "matrix":
            n_rows, side = 1, 0.8 + 0.6 * len(marks)
            figure = {"size": (side, side), "margin": (1.7, 1.3)}
        elif len(marks) == 1:
            raise ValueError("A single mark has no pairs at one distance; draw kind='matrix'.")
        else:
            # no lower than the scales beside them need
            n_pairs = len(marks) * (len(marks) - 1) // 2
            heights = [max(len(marks), 5), *[max(n_pairs, 8)] * (1 + beside)]
            n_rows = len(heights)
            longest = sum(sorted(len(mark) for mark in marks)[-2:])
            size = 2.6, 0.12 * sum(heights) * 3 / n_rows * (0.8 if n_rows == 2 else 0.75)
            figure = {"size": size, "margin": (1 + 0.06 * longest, 1.3)}
            figure |= {"sharex": True, "height_ratios": heights}
        figure |= {"n_columns": n_sets, "sharey": "row"}
        self._take(axes, n_rows * n_sets, f"{n_rows} for each of the sets", **figure)
        self.axes_ = self.axes_.reshape(n_rows, n_sets)
        for ax, (title, found) in zip(self.axes_[0], self.found.items(), strict=True):
            set_title(ax, title if kind == "distance" else f"{title}: {what_is_held(found)}")
        if kind == "matrix":
            self._draw_matrix(marks)
        else:
            self._draw_presence(marks)
            self._draw_pairs(marks, confidence)
        return self

    def _draw_presence(self, marks):
        for ax, found in zip(self.axes_[0], self.found.values(), strict=True):
            image = _draw_windows(ax, found, 100 * found.present.T, SEQUENTIAL, 0, 100)
            ax.tick_params(labelbottom=False)  # as in the row below
        self._name_rows(0, marks)
        self._add_row_scale(image, 0, "present\n(% of samples)")

    def _draw_pairs(self, marks, confidence):
        first, second = np.triu_indices(len(marks), k=1)
        windows = np.arange(len(next(iter(self.found.values())).present))

        def of_pairs(values):
            return values[windows, first[:, None], windows, second[:, None]]

        sets = list(self.found.values())
        shown = [[of_pairs(found.association) for found in sets]]
        if len(self.axes_) > 2:
            shown.append([of_pairs(comparison_of(found)) for found in sets])
        top = _scale_end(shown)
        names = [f"{marks[j]} + {marks[k]}" for j, k in zip(first, second, strict=True)]
        marked = set()
        for row, values in enumerate(shown, start=1):
            for ax, found, odds in zip(self.axes_[row], sets, values, strict=True):
                image = _draw_windows(ax, found, odds, DIVERGING, -top, top)
                text = what_is_held(found) if row == 1 else name_comparison(found)
                ax.set_title(in_lines(text, room_of(ax)), fontsize=SMALL, color="0.3", pad=3)
                if row == 1:
                    marked.add(_draw_dots(ax, found, odds, of_pairs, confidence))
                if row + 1 == len(self.axes_):
                    ax.set_xlabel(tss_axis_text(self.oriented))
                else:
                    ax.tick_params(labelbottom=False)
            self._name_rows(row, names)
            label = _ASSOCIATION
            if row == 1:
                kinds = {
                    "interval": f"\n\N{BLACK CIRCLE} {100 * confidence:g} % interval without 0"
                }
                kinds["null"] = "\n\N{WHITE CIRCLE} over 2 s.d. from its null"
                label += "".join(text for key, text in kinds.items() if key in marked)
            self._add_row_scale(image, row, label, extend="both")

    def _draw_matrix(self, marks):
        shown = [found.association.transpose(1, 0, 3, 2) for found in self.found.values()]
        top = _scale_end(shown)
        edges = next(iter(self.found.values())).edges / 1000
        span = edges[-1] - edges[0]
        # every mark has its own part of both axes, with its windows in kb
        starts = span * np.arange(len(marks)) - edges[0]
        borders = np.append(starts[:, None] + edges[:-1], span * len(marks))
        size = len(borders) - 1
        for ax, odds in zip(self.axes_[0], shown, strict=True):
            values = odds.reshape(size, size)
            image = _draw_mesh(ax, borders, borders, values, DIVERGING, -top, top)
            for start in starts:
                for line in (ax.axvline, ax.axhline):
                    line(start + edges[0], color="black", linewidth=0.8)
                    if edges[0] < 0 < edges[-1]:
                        line(start, color="0.5", linewidth=0.6, linestyle=":")
            middle = starts + (edges[0] + edges[-1]) / 2
            name_squares(ax, middle, marks, middle, marks)
            ax.set_aspect("equal")
            around = f"each {in_kb(*(1000 * edges[[0, -1]]))} around the TSS"
            around = around_tss(around, self.oriented)
            ax.set_xlabel(in_lines(around, room_of(ax)))
        self._add_row_scale(image, 0, _ASSOCIATION, extend="both", shrink=0.8)

    def _name_rows(self, row, names):
        """Write names beside the first panel only."""
        for number, ax in enumerate(self.axes_[row]):
            ax.set_yticks(range(len(names)), names, fontsize=SMALL, parse_math=False)
            ax.tick_params(axis="y", left=number == 0, labelleft=number == 0)

    def _add_row_scale(self, image, row, label, **params):
        self._add_scale(image, list(self.axes_[row]), label=label, fraction=0.05, **params)


def _draw_dots(ax, found, odds, of_pairs, confidence):
    """Mark the pairs that are beyond chance, and return by what: "interval" or "null"."""
    if found.unit is None and found.null_mean is None:
        return "nothing"
    if found.unit is None:
        reach = 2 * of_pairs(found.null_sd) * np.sqrt(1 + 1 / found.n_draws)
        beyond, kind = np.abs(odds) > reach, "null"
    else:
        low, high = (of_pairs(end) for end in found.interval(confidence))
        beyond, kind = (low > 0) | (high < 0), "interval"
    rows, columns = np.nonzero(beyond)
    middle = (found.edges[1:] + found.edges[:-1]) / 2000
    dots = {"ms": 3.5, "color": "black", "mec": "white", "mew": 0.5}
    if kind == "null":
        dots = {"ms": 3.5, "mfc": "none", "mec": "black", "mew": 0.8}
    ax.plot(middle[columns], rows, "o", **dots)
    return kind


def _draw_windows(ax, found, values, cmap, low, high):
    """Draw rows of values by window around the TSS, in kb."""
    edges, borders = found.edges / 1000, np.arange(len(values) + 1) - 0.5
    image = _draw_mesh(ax, edges, borders, values, cmap, low, high)
    ax.axvline(0, color="0.5", linewidth=0.8, linestyle=":")
    ax.set_xlim(edges[0], edges[-1])
    ax.tick_params(length=2)
    return image


def _draw_mesh(ax, x, y, values, cmap, low, high):
    """Draw squares between borders, the first row at the top; NaN is grey."""
    ax.set_facecolor(NEUTRAL)
    ax.set_ylim(y[-1], y[0])
    return ax.pcolormesh(x, y, values, cmap=cmap, vmin=low, vmax=high)


def _scale_end(shown):
    """Return the end of a colour scale symmetric around 0."""
    values = np.abs(np.ravel(np.array(shown)))
    values = values[~np.isnan(values)]
    return (np.quantile(values, _SHOWN) if len(values) else 0) or 1.0
