from collections import Counter

from training.report_card.card import (
    data_section,
    leak_section,
    names_of,
    slice_section,
    target_section,
    tiles,
)
from training.report_card.data import read_data
from training.report_card.intervals import Rule
from training.report_card.scored import read_scored
from training.report_card.slices import (
    Measuring,
    sentiment_slices,
    stance_slices,
    voice_slices,
)

EASY = Measuring(rule=Rule(rows=1, groups=1), n_draws=10, seed=1)
NAMES = names_of({"oic": "OIC"}, ["ar", "en", "xx-odd"])


def test_languages_have_names_and_directions():
    assert (NAMES.of("ar"), NAMES.of("en")) == ("Arabic", "English")
    assert NAMES.of("xx-odd") == "xx-odd"
    assert NAMES.directions == {"ar": "rtl"}
    assert (NAMES.of("oic"), NAMES.of("nato")) == ("OIC", "nato")


def test_a_table_has_a_line_for_each_slice_and_each_cell_its_figure(small):
    found = read_scored(iter(small.predictions), "dev")
    stances, sentiments = found.stances, found.sentiments
    slices = stance_slices(stances, EASY)
    section = slice_section(
        stances, slices, voice_slices(stances, EASY), sentiment_slices(sentiments, EASY), NAMES
    )
    heads = [line.head for line in section["stance_rows"]]
    assert heads[:3] == [
        "All targets, all languages",
        "All targets, Arabic",
        "All targets, English",
    ]
    assert heads[-1] == "OIC, English"
    for line in section["stance_rows"]:
        assert len(line.cells) + 1 == len(section["stance_heads"])
    assert [len(line.cells) for line in section["voice_rows"]] == [3] * 9
    assert [line.strong for line in section["sentiment_rows"]] == [True, False, False]
    first = tiles(slices, sentiment_slices(sentiments, EASY))[0]
    assert first.figure is slices[0].figures["f_polar"]


def test_whether_the_target_matters_is_said_or_why_not():
    gain = {"gain": 0.7, "low": 0.6, "high": 0.8, "n": 90}
    swap = {"changed": None, "low": None, "high": None, "n": 0, "reason": "no such sentence"}
    first, second = target_section({"target_gain": gain, "target_swap": swap})["target_rows"]
    assert (first.cells[0].figure.value, first.cells[0].figure.n) == (0.7, 90)
    assert second.cells[0].figure.shortage == "no such sentence"


def test_data_is_counted_by_split_language_and_class(small):
    section = data_section(read_data(small.splits, ()), ["russia", "oic", "sentiment"], NAMES)
    assert section["data_heads"] == ("Split", "sentences", "articles", "gold", "Arabic", "English")
    assert section["data_rows"][1].cells == ["48", "48", "48", "24", "24"]
    (line,) = [one for one in section["label_rows"] if one.head == "dev, Arabic, OIC"]
    assert dict(zip(section["label_heads"][1:], line.cells, strict=True)) == {
        "favor": "6",
        "against": "6",
        "neutral": "6",
        "unrelated": "6",
        "negative": "",
        "positive": "",
    }


def test_a_leak_is_told_as_one(small, split_row):
    clean = leak_section(read_data(small.splits, ()), {"odd": 2}, 0)
    assert clean["leaks"] == 0
    assert clean["leak_answer"].startswith("No article")
    assert [(line.head, line.cells) for line in clean["dropped_rows"]] == [("odd", ["2"])]
    planted = split_row("x", "Rain.", "train", group_id=small.splits[0]["group_id"])
    found = leak_section(read_data([*small.splits, planted], ()), Counter(), 0)
    assert found["leaks"] == 1
    assert found["leak_answer"].startswith("Yes")
