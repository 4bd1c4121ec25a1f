import pytest

from labels.pipeline.errors import ConfigError
from training.shares.tasks import choose_cell


def row(cell, low, high, needed, stance="against"):
    return {"cell": cell, "stance": stance, "low": low, "high": high, "labels_needed": needed}


def test_the_widest_cell_that_labels_can_narrow_is_chosen():
    rows = [
        row("narrow", 0.1, 0.15, 0),
        row("wide", 0.1, 0.5, 80),
        row("wider", 0.1, 0.6, None),
        row("none", 0.0, 0.9, 80, "none"),
    ]
    assert choose_cell(rows, None)["cell"] == "wide"
    assert choose_cell(rows[2:], None) is None


def test_a_cell_that_is_asked_for_is_taken_even_if_it_is_too_few():
    rows = [row("a", None, None, None), row("a", None, None, None, "favor")]
    assert choose_cell(rows, "a")["cell"] == "a"
    with pytest.raises(ConfigError, match="label_cell: expected the cell of a row.*got 'b'"):
        choose_cell(rows, "b")
