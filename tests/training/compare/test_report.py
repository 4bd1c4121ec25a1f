from rich.console import Console

from training.compare.records import Result
from training.compare.report import comparison_table, conclusions, differing, who_is_right


def result(measure="f_polar", verdict="undecided", target=None, **changes):
    scores = {"a": 0.5, "b": 0.6, "difference": 0.1, "low": -0.02, "high": 0.2}
    place = {"target": target, "lang": None, "voice": None, "n": 50, "groups": 40}
    chance = {"differing_groups": 9, "p": 0.2, "p_corrected": None, "mcnemar": None}
    return Result(measure=measure, verdict=verdict, **scores, **place, **chance) | changes


def test_an_undecided_comparison_is_not_called_equal():
    said = " ".join(conclusions([result(), result(p=0.3, p_corrected=0.4)], 0.05))
    assert "+0.100 [-0.020, +0.200], p 0.200, on 50 rows of 40 articles: no difference" in said
    assert "Of 1 further comparisons, 0 show a difference" in said
    assert "it is not shown that there is none" in said
    assert "equal" not in said


def test_slices_that_differ_are_named_and_those_too_small_are_counted():
    headline = result(verdict="a", difference=-0.1)
    others = [
        result("accuracy", "b", "oic", p_corrected=0.01),
        result("accuracy", "too_few", "russia", p=None, reason="3 rows, fewer than 30"),
    ]
    said = conclusions([headline, *others], 0.05)
    assert said[0].endswith("a is better on these sentences.")
    assert "1 show a difference" in said[1]
    assert said[1].endswith("accuracy of oic, b better (+0.100).")
    assert said[2].startswith("1 comparisons have too few rows")


def test_a_headline_that_cannot_be_computed_says_why():
    headline = result(verdict="too_few", a=None, b=None, difference=None, p=None, reason="no rows")
    assert conclusions([headline], 0.05)[0] == "f_polar cannot be computed: no rows."


def test_the_terminal_shows_all_rows_and_the_slices_that_differ():
    rows = [
        result(),
        result("accuracy", "b", "oic", p_corrected=0.01),
        result("accuracy", target="[red]russia"),
        result("holder_right", "too_few", a=None, b=None, difference=None, low=None, p=None),
    ]
    console = Console(width=80, record=True, quiet=False, file=None)
    with console.capture() as shown:
        console.print(comparison_table(rows))
    text = shown.get()
    assert "oic" in text
    assert "russia" not in text
    assert "1 more slices" in text
    assert "holder_right" in text


def test_rows_are_sorted_by_who_is_right(pair):
    rows = [
        pair("favor", "neutral", "against", sentence="0"),
        pair("favor", "neutral", "favor", sentence="1"),
        pair("favor", "favor", "favor", sentence="2"),
        pair("favor", "favor", "neutral", sentence="3"),
    ]
    assert [(one.sentence_id, who_is_right(one)) for one in differing(rows)] == [
        ("3", "a"),
        ("1", "b"),
        ("0", "neither"),
    ]
