"""The two panels of an audit of labels."""

import matplotlib
import numpy as np
import pytest

from histoexpr import ExpressionTable, audit_labels, binarize_expression
from histoexpr.plots import AuditDisplay
from histoexpr.plots._style import SMALL

pytestmark = pytest.mark.usefixtures("close_figures")
CELLS = ["E003", "E004", "E005"]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    values = np.exp(rng.normal(0, 2, (200, 1)) + rng.normal(0, 0.7, (200, 3))).round(3)
    return ExpressionTable(values, [f"G{number}" for number in range(200)], CELLS, unit="RPKM")


@pytest.fixture(scope="module")
def of_one(table):
    return audit_labels(binarize_expression(table)[:, 0], table, cell="E003")


@pytest.fixture(scope="module")
def of_several(table):
    """The labels of the first two cells are exchanged."""
    labels = binarize_expression(table)[:, [1, 0, 2]]
    genes = np.tile(table.genes, 3)
    return audit_labels(labels.T.ravel(), table, cell=np.repeat(CELLS, 200), gene=genes)


def test_one_cell(of_one):
    display = AuditDisplay.from_report(of_one)
    left, right = display.axes_
    by_number = next(line for line in left.lines if line.get_label() == "compared as number")
    assert by_number.get_ydata()[0] == 100
    assert [text.get_text() for text in left.texts] == ["E003: 200 of 200"]
    assert sum(bar.get_height() for bar in right.patches) == 200  # every gene is in one bar
    assert right.get_xlabel() == "expression in E003 (RPKM)"
    for ax in display.axes_:
        assert ax.xaxis.label.get_size() == ax.get_yticklabels()[0].get_size() == SMALL


def test_several_cells(of_several):
    display = AuditDisplay.from_report(of_several)
    left, right = display.axes_
    assert left.images[0].get_array().shape == (3, 3)
    elsewhere = next(line for line in left.lines if "another" in line.get_label())
    assert elsewhere.get_xydata().tolist() == [[1, 0], [0, 1]]
    widths = np.array([bar.get_width() for bar in right.patches]).reshape(-1, 3).sum(axis=0)
    expected = [100 * cell.n_flipped / cell.n_labels for cell in of_several.cells]
    np.testing.assert_allclose(widths, expected)


@pytest.mark.parametrize("name", ["of_one", "of_several"])
def test_axes_of_the_user(name, request):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, layout="constrained")
    display = AuditDisplay.from_report(request.getfixturevalue(name), axes=axes)
    assert display.figure_ is figure
    n_axes = len(figure.axes)
    display.plot(axes=display.axes_)
    assert len(figure.axes) == n_axes  # the scale of before is gone
    assert [ax.get_title(loc="left") for ax in axes] == ["a", "b"]
    with pytest.raises(ValueError, match="axes must be 2 matplotlib Axes"):
        display.plot(axes=axes[:1])


def test_the_style_of_the_user_is_left_alone(of_several):
    with matplotlib.rc_context({"font.size": 20}):
        before = dict(matplotlib.rcParams)
        display = AuditDisplay.from_report(of_several)
        display.figure_.draw_without_rendering()
        assert dict(matplotlib.rcParams) == before
        letters = [label for ax in display.axes_ for label in (ax.xaxis.label, ax.yaxis.label)]
        assert {label.get_size() for label in letters} == {8}


def test_other_reports_are_refused():
    for other in (3, "audit.json"):
        with pytest.raises(TypeError, match=r"report must be an AuditReport.*audit_labels"):
            AuditDisplay.from_report(other)
