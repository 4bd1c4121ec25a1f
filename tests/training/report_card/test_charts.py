import re

import numpy as np
import pytest
from lxml import etree

from training.report_card import charts
from training.report_card.curves import Point
from training.report_card.intervals import Figure
from training.report_card.slices import Slice

ODD = '<script>"x"</script>'


def parsed(svg):
    """Parse a chart as a browser would that is strict; return it, and all of its texts."""
    root = etree.fromstring(str(svg))
    return root, [text for text in root.itertext() if text.strip()]


def test_a_slice_with_too_few_rows_is_there_without_a_point():
    slices = [
        Slice("oic", "all", 9, 9, {"f": Figure(9, 0.5, 0.4, 0.6)}),
        Slice("oic", "ar", 1, 1, {"f": Figure(1, shortage="1 favor in 1 articles")}),
    ]
    _, texts = parsed(charts.forest(slices, "f", {"ar": ODD}, "label"))
    assert texts.count("too few to say") == 1
    assert ODD in texts  # shown, not run


def test_a_chart_takes_its_colours_from_the_page():
    counts = np.array([[3, 1], [0, 5]])
    svg = charts.confusion_matrix(counts, ["favor", "against"], 'a "label" <b>')
    root, texts = parsed(svg)
    assert {"3", "1", "0", "5"} <= set(texts)
    assert root.get("aria-label") == 'a "label" <b>'
    colors = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert "var(--accent)" in colors
    fixed = {color for color in colors if re.match(r"#|rgb|black|white", color)}
    assert fixed <= {"black"}  # of the background, which has no opacity
    assert "http" not in str(svg).replace("http://www.w3.org/", "")


def test_curves_of_no_points_are_drawn_empty():
    root, texts = parsed(charts.curves({"a": []}, ("x", "y"), "label"))
    assert "x" in texts


def test_a_band_goes_with_its_line():
    points = [Point(x / 10, x / 10, x / 10 - 0.1, x / 10 + 0.05, 9) for x in range(3, 9)]
    lines = {"scaled": points, "as given": points[:2]}
    _, texts = parsed(charts.curves(lines, ("confidence", "right"), "label", diagonal=True))
    assert {"scaled", "as given", "confidence", "right"} <= set(texts)


def test_epochs_without_a_score_are_left_out():
    epochs = [{"epoch": 1, "f": None}, {"epoch": 2, "f": 0.5}]
    _, texts = parsed(charts.training_curve(epochs, {"f": "f_polar"}, 2, "label"))
    assert {"2", "epoch"} <= set(texts)
    assert "NaN" not in texts


def test_marks_of_scores_that_lie_close_differ():
    epochs = [{"epoch": 1, "f": 0.731}, {"epoch": 2, "f": 0.812}]
    _, texts = parsed(charts.training_curve(epochs, {"f": "f_polar"}, 2, "label"))
    marks = [text for text in texts if text.startswith("0.")]
    assert len(marks) > 1
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("counts", [{}, {"a": {}}, {"a": {"favor": 3}}])
def test_bars_of_nothing_are_no_error(counts):
    parsed(charts.class_shares(counts, ["favor", "against"], "label"))


def test_lengths_are_shares_of_their_language():
    svg = charts.histogram({"Arabic": {0: 5, 20: 5}, "none": {}}, 20, 400, "label")
    _, texts = parsed(svg)
    assert "Arabic" in texts
