"""A suite of a few pairs, and ways to write one."""

import json

import pytest

from training.behaviour.pairs import Item, Pair, read_pairs


def line(pair, letter, label, text, **changes):
    """Make a line of a suite; a polar label has the author as its holder."""
    is_polar = label in ("favor", "against")
    return {
        "id": f"{changes.get('lang', 'en')}-{pair}{letter}",
        "pair": pair,
        "capability": "negation",
        "expect": "differs",
        "lang": "en",
        "text": text,
        "target": "oic",
        "label": label,
        "holder": "author" if is_polar else None,
        "voice": "author" if is_polar else None,
    } | changes


PRAISE = line("negation-01", "a", "favor", "The OIC keeps its word.")
BLAME = line("negation-01", "b", "against", "The OIC does not keep its word.")
ACTIVE = line("passive-01", "a", "neutral", "The OIC holds a session.")
PASSIVE = line("passive-01", "b", "neutral", "A session is held by the OIC.")
SAME = {"capability": "passive", "expect": "same"}
LINES = [PRAISE, BLAME, ACTIVE | SAME, PASSIVE | SAME]


def russian(lines):
    """Say of English lines that they are Russian."""
    return [old | {"id": old["id"].replace("en-", "ru-"), "lang": "ru"} for old in lines]


@pytest.fixture
def write_suite(tmp_path):
    """Write files of a suite, by language; text is written as it is."""

    def write(**files):
        folder = tmp_path / "suite"
        folder.mkdir(exist_ok=True)
        for lang, lines in files.items():
            texts = [old if isinstance(old, str) else json.dumps(old) for old in lines]
            (folder / f"{lang}.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def suite(write_suite):
    return write_suite(en=LINES, ru=russian(LINES))


@pytest.fixture
def pairs(suite):
    found = read_pairs(suite)
    assert all(isinstance(pair, Pair) and isinstance(pair.first, Item) for pair in found)
    return found
