import re
from collections import Counter
from pathlib import Path

import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import STANCES
from tests.training.behaviour.conftest import ACTIVE, BLAME, LINES, PASSIVE, PRAISE, SAME, russian
from training.behaviour.pairs import CAPABILITIES, read_pairs

SUITE = Path(__file__).parents[3] / "data" / "behaviour"
LANGS = sorted(path.stem for path in SUITE.glob("*.jsonl"))


def test_pairs_are_read_in_order_by_language(suite):
    found = read_pairs(suite)
    assert [(pair.first.lang, pair.first.pair) for pair in found] == [
        ("en", "negation-01"),
        ("en", "passive-01"),
        ("ru", "negation-01"),
        ("ru", "passive-01"),
    ]
    assert [item.label for item in found[0].items] == ["favor", "against"]
    first = found[0].first
    assert (first.target, first.holder, first.voice) == ("oic", "author", "author")


def test_the_lines_of_a_pair_need_not_stand_together(write_suite):
    first, second, third, fourth = LINES
    found = read_pairs(write_suite(en=[first, third, "", fourth, second]))
    assert [[item.id for item in pair.items] for pair in found] == [
        ["en-negation-01a", "en-negation-01b"],
        ["en-passive-01a", "en-passive-01b"],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"capability": "negations"}, "capability: expected one of negation, double_negation"),
        ({"label": "pro"}, "label: expected one of favor, against, neutral, unrelated, found pro"),
        ({"expect": "other"}, "expect: expected one of differs, same, found other"),
        ({"voice": "echo"}, "voice: expected one of author, reported, event, found echo"),
        ({"holder": "Ankara"}, "holder: expected words of the text or author, found Ankara"),
        ({"holder": None}, "holder: expected a text for favor, found None"),
        ({"voice": None}, "voice: expected a text for favor, found None"),
        ({"text": "  "}, "text: expected a text, found '  '"),
        ({"text": 7}, "text: expected a text, found 7"),
        ({"text": "half \ud83d"}, "text: expected whole characters, found 'half "),
        ({"target": None}, "target: expected a text, found None"),
        ({"lang": "id"}, "lang: expected en, as the file is called, found id"),
        ({"note": "x"}, "expected the fields id, pair,"),
    ],
)
def test_a_wrong_line_is_named_with_its_place(write_suite, change, message):
    folder = write_suite(en=[PRAISE | change, BLAME])
    with pytest.raises(DataError, match=re.escape(f"en.jsonl:1: {message}")):
        read_pairs(folder)


def test_a_neutral_line_has_no_holder(write_suite):
    folder = write_suite(en=[ACTIVE | SAME | {"holder": "author"}, PASSIVE | SAME])
    with pytest.raises(DataError, match="holder: expected null for neutral, found author"):
        read_pairs(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "expected a JSON object: "),
        ("[1]", r"expected a JSON object, found \[1\]"),
        ('{"id": "x"}', "expected the fields id, pair, .*, found id"),
    ],
)
def test_a_line_that_is_no_item_is_refused(write_suite, line, message):
    with pytest.raises(DataError, match=f"en.jsonl:3: {message}"):
        read_pairs(write_suite(en=[PRAISE, BLAME, line]))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([PRAISE], "pair negation-01: expected two lines, found 1"),
        ([*LINES, PRAISE | {"id": "en-x"}], "pair negation-01: expected two lines, found 3"),
        ([PRAISE, BLAME | {"target": "russia"}], "target: expected the same in both lines"),
        ([PRAISE, BLAME | {"text": PRAISE["text"]}], "expected two sentences, found the same"),
        (
            [PRAISE, BLAME | {"label": "favor"}],
            "as expect says, differs, found favor and favor",
        ),
        (
            [PRAISE | SAME, BLAME | SAME],
            "as expect says, same, found favor and against",
        ),
    ],
)
def test_a_wrong_pair_is_named(write_suite, lines, message):
    with pytest.raises(DataError, match=message):
        read_pairs(write_suite(en=lines))


def test_an_id_is_used_once_in_all_files(write_suite):
    again = [line | {"lang": "ru"} for line in LINES]
    with pytest.raises(DataError, match="ru.jsonl:1: id: expected each once"):
        read_pairs(write_suite(en=LINES, ru=again))


def test_a_pair_is_of_one_capability_in_every_language(write_suite):
    other = [line | {"capability": "irony"} for line in russian(LINES[:2])]
    with pytest.raises(
        DataError, match="ru-negation-01a: expected negation, as en-negation-01a is"
    ):
        read_pairs(write_suite(en=LINES, ru=other))


def test_all_problems_are_told_at_once_but_not_endlessly(write_suite):
    lines = [PRAISE | {"label": "pro", "id": f"en-{number}"} for number in range(25)]
    with pytest.raises(DataError, match="and 5 more") as error:
        read_pairs(write_suite(en=lines))
    assert "en.jsonl:1:" in str(error.value)
    assert "en.jsonl:20:" in str(error.value)


def test_a_folder_without_files_and_a_file_without_lines_are_refused(tmp_path, write_suite):
    with pytest.raises(ConfigError, match=r"expected a folder with files such as en\.jsonl"):
        read_pairs(tmp_path / "none")
    with pytest.raises(DataError, match="expected at least one pair"):
        read_pairs(write_suite(en=[]))


def test_a_file_of_another_encoding_is_refused(write_suite):
    folder = write_suite(en=LINES)
    (folder / "ru.jsonl").write_bytes("Россия".encode("cp1251"))
    with pytest.raises(DataError, match=r"ru.jsonl: expected UTF-8"):
        read_pairs(folder)


def test_there_is_a_suite():
    assert "en" in LANGS


@pytest.mark.parametrize("lang", LANGS)
def test_the_suite_has_enough_of_everything_in_each_language(lang):
    own = [pair for pair in read_pairs(SUITE) if pair.first.lang == lang]
    by_capability = Counter(pair.first.capability for pair in own)
    assert set(by_capability) == set(CAPABILITIES)
    assert min(by_capability.values()) >= 13
    items = [item for pair in own for item in pair.items]
    assert set(Counter(item.label for item in items)) == set(STANCES)
    for target in ("russia", "oic", "gaza_ceasefire"):
        labels = Counter(item.label for item in items if item.target == target)
        assert min(labels[name] for name in ("favor", "against", "neutral")) >= 15
    texts = Counter(item.text for item in items)
    assert [text for text, n in texts.items() if n > 1] == []
