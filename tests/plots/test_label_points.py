"""Names beside points: in order, apart, and inside the axes."""

from itertools import pairwise

import numpy as np
import pytest

from histoexpr.plots._label_points import _spread, label_points

pytestmark = pytest.mark.usefixtures("close_figures")


def test_places_are_near_their_points_and_apart():
    far = np.array([9.0, 5.0, 1.0])
    np.testing.assert_allclose(_spread(far, (0, 10), 0.05), far)
    close = _spread(np.array([5.1, 5.0, 4.9]), (0, 10), 0.1)
    np.testing.assert_allclose(close, [6, 5, 4])
    np.testing.assert_allclose(_spread(np.full(3, 10.0), (0, 10), 0.1), [9.5, 8.5, 7.5])
    np.testing.assert_allclose(_spread(np.zeros(3), (0, 10), 0.1), [2.5, 1.5, 0.5])
    crowded = _spread(np.zeros(20), (0, 10), 0.1)  # more than there is room for
    np.testing.assert_allclose(crowded, np.arange(19, -1, -1) / 2 + 0.25)
    assert len(_spread(np.empty(0), (0, 1), 0.1)) == 0


def test_names_do_not_overlap_and_lie_beside_the_data():
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(layout="constrained")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=200), rng.normal(size=200)
    top, low = np.argsort(-y)[:12], np.argsort(y)[:5]
    ax.plot(x, y, "o")
    columns = ([f"down-{n}" for n in low], low), ([f"a long name {n}" for n in top], top)
    texts = label_points(ax, x, y, columns)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in texts]
    assert [text.get_text() for text in texts[:5]] == [f"down-{n}" for n in low[::-1]]
    for column in (boxes[:5], boxes[5:]):
        assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(column))
    frame = ax.get_window_extent()
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)
    assert all(frame.y0 <= box.y0 and box.y1 <= frame.y1 for box in boxes)
    points = ax.transData.transform(np.column_stack([x, y]))[:, 0]
    assert max(box.x1 for box in boxes[:5]) < points.min()
    assert min(box.x0 for box in boxes[5:]) > points.max()
    ticks = [tick.get_window_extent() for tick in ax.get_xticklabels()]
    assert len(ticks) > 2
    assert all(left.x1 < right.x0 for left, right in pairwise(ticks))
    assert x.min() <= ax.get_xticks().min()
    assert ax.get_xticks().max() <= x.max()
    ends = {tuple(np.array(line.get_data())[:, 1]) for line in ax.lines[1:]}
    assert ends == {(x[n], y[n]) for n in [*top, *low]}
