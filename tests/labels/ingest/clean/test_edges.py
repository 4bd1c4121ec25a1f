import pytest

from labels.ingest.clean.edges import opening_clutter
from labels.ingest.clean.lines import read_lines
from labels.ingest.clean.rules import rules_of

DATE = "12 March 2024, 10:20"
SENTENCE = "The minister arrived in the capital on Tuesday morning and met his host at once."


def kinds_of(lines):
    return [kind for kind, _ in opening_clutter(lines, rules_of("en"))]


@pytest.mark.parametrize(
    ("above", "kinds"),
    [
        ([DATE], ["time"]),
        (["Baker and writer", DATE], ["opening", "time"]),
        (["Baker and writer"], []),  # no date or byline follows
        ([DATE, "Gazette online"], ["time", "opening"]),  # an outlet, alone below the date
        ([DATE, "Gazette of today"], ["time"]),  # too long for an outlet
        ([DATE, "Gazette online", "Elsewhere today"], ["time"]),  # not alone
        (["Elsewhere today", DATE, "Gazette online"], ["opening", "time", "opening"]),
        (["One", "Two", "Three", "Four", "Five", DATE], []),  # the date stands too far below
        ([DATE, "Rain fell in the town."], ["time"]),  # a sentence
        ([DATE, DATE], ["time", "time"]),
    ],
)
def test_kinds_of_what_stands_above_an_article(above, kinds):
    lines = list(read_lines("\n".join([*above, SENTENCE])))
    assert kinds_of(lines) == kinds


def test_an_outlet_is_none_where_no_long_line_follows():
    assert kinds_of(list(read_lines(f"{DATE}\nGazette online"))) == ["time"]
    assert kinds_of(list(read_lines(f"{DATE}\nGazette online\nRain fell."))) == ["time"]
