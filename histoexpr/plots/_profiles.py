"""Mean signal of every mark around the TSS, by label."""

import numpy as np

from ..datasets import HistoneDataset
from ..utils import check_marks, check_type, refuse_masked, split_batches
from ._panels import Panels
from ._style import CLASSES, colors_of, draw_band


class ProfileDisplay(Panels):
    """Average profile of every mark around the TSS, one line per label.

    Make it with :meth:`from_dataset` or :meth:`from_arrays`.

    Parameters
    ----------
    positions : ndarray of shape (n_bins,)
        Centres of the bins in bp relative to the TSS.
    profiles : dict of label -> ndarray of shape (n_bins, n_marks)
        Mean signal.
    errors : dict of label -> ndarray of shape (n_bins, n_marks)
        Standard error of the mean.
    marks : list of str
    n_samples : dict of label -> int
        Number of samples averaged.
    oriented : bool, optional
        Whether positions run along transcription; False is along the genome, None unknown.

    Attributes
    ----------
    figure_ : matplotlib.figure.Figure
    axes_ : ndarray of matplotlib.axes.Axes
        One per mark.
    """

    def __init__(self, positions, profiles, errors, marks, n_samples, oriented=None):
        self.oriented = oriented
        self.positions, self.profiles, self.errors = positions, profiles, errors
        self.marks, self.n_samples = list(marks), n_samples

    @classmethod
    def from_arrays(cls, X, y, *, positions, marks, names=None, oriented=None, **plot_params):
        """Average signals by label and draw them.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_bins, n_marks)
        y : ndarray of shape (n_samples,)
        positions : ndarray of shape (n_bins,)
            Centres of the bins in bp relative to the TSS.
        marks : list of str
        names : dict, optional
            What to call each label in the legend.
        oriented : bool, optional
            Whether bins run along transcription; False is along the genome, None unknown.
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        ProfileDisplay

        Raises
        ------
        ValueError
            If the arrays and names do not belong together.
        """
        X, y = refuse_masked(X, "X"), refuse_masked(y, "y")
        X, y, positions = map(np.asarray, (X, y, positions))
        if X.ndim != 3:
            raise ValueError(f"X must have shape (n_samples, n_bins, n_marks), got {X.shape}.")
        for name, values, n in (("y", y, len(X)), ("positions", positions, X.shape[1])):
            if values.shape != (n,):
                what = "sample" if name == "y" else "bin"
                raise ValueError(
                    f"{name} has shape {values.shape}, but X {X.shape}: give one per {what} of X."
                )
        marks = check_marks(marks, X.shape[2])
        profiles, errors, n_samples = {}, {}, {}
        for value in np.unique(y):
            rows = np.flatnonzero(y == value)
            name = str(value) if names is None else names.get(value, str(value))
            profiles[name], errors[name] = _mean_and_error(X, rows)
            n_samples[name] = len(rows)
        display = cls(positions, profiles, errors, marks, n_samples, oriented)
        return display.plot(**plot_params)

    @classmethod
    def from_dataset(cls, dataset, **plot_params):
        """Average the signals of a data set by label and draw them.

        Parameters
        ----------
        dataset : HistoneDataset
            Labels 0 and 1 are called "not expressed" and "expressed".
        **plot_params
            Passed on to :meth:`plot`.

        Returns
        -------
        ProfileDisplay
        """
        remedy = "Read one with histoexpr.load_data, or draw arrays with from_arrays."
        check_type("dataset", dataset, HistoneDataset, remedy)
        X, y = dataset.return_X_y()
        names = CLASSES if set(np.unique(y).tolist()) <= set(CLASSES) else None
        axis = {"positions": dataset.bin_positions, "marks": dataset.marks}
        axis["oriented"] = dataset.oriented
        return cls.from_arrays(X, y, names=names, **axis, **plot_params)

    def plot(self, *, axes=None, ylabel="mean signal per bin", title=None):
        """Draw one panel per mark with a band of ± 2 standard errors.

        Parameters
        ----------
        axes : sequence of matplotlib.axes.Axes, optional
            One per mark; made if not given. Further ones are hidden.
        ylabel : str, default="mean signal per bin"
            Label of the vertical axes in the first column.
        title : str, optional
            Title of the figure.

        Returns
        -------
        self
        """
        n_marks = len(self.marks)
        if axes is not None:
            axes = np.ravel(np.asarray(axes, dtype=object))
            for ax in axes[n_marks:]:
                ax.set_visible(False)
            axes = axes[:n_marks]
        self._take(axes, n_marks, "one per mark", n_columns=5, size=(2.5, 2.4), margin=(0, 0.5))
        half = (self.positions[1] - self.positions[0]) / 2 if len(self.positions) > 1 else 50
        window = self.positions[0] - half, self.positions[-1] + half
        for number in range(n_marks):
            self._draw(number)
        self._frame_profiles(self.marks, window, ylabel, self.oriented)
        self._add_legend()
        if title:
            self.figure_.suptitle(title)
        return self

    def _draw(self, number):
        ax, colors = self.axes_[number], colors_of(self.profiles)
        for name, profile in self.profiles.items():
            middle, error = profile[:, number], 2 * self.errors[name][:, number]
            label = f"{name} ({self.n_samples[name]:,} samples)"
            style = {"color": colors[name], "alpha": 0.2, "label": label}
            draw_band(ax, self.positions / 1000, middle - error, middle, middle + error, **style)
        ax.set_ylim(bottom=min(0, ax.get_ylim()[0]))


def _mean_and_error(X, rows):
    """Return mean and standard error over samples, batch by batch."""
    shape = X.shape[1:]
    total, squares = np.zeros(shape), np.zeros(shape)
    for batch in split_batches(len(rows), 1024):
        total += X[rows[batch]].sum(axis=0, dtype=np.float64)
    mean = total / len(rows)
    for batch in split_batches(len(rows), 1024):
        squares += ((X[rows[batch]] - mean) ** 2).sum(axis=0)
    return mean, np.sqrt(squares / max(len(rows) - 1, 1) / len(rows))
