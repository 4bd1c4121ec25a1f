import numpy as np
import pytest

from tests.training.shares.conftest import TARGET, record, write_lines
from training.shares.corpus import read_corpus
from training.shares.pages import safe_url, shortened, write_evidence


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/a?b=c", True),
        ("http://news.example", True),
        ("HTTPS://news.example/", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("//news.example/a", False),
        ("https:", False),
        ("http://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_linked(url, expected):
    assert safe_url(url) == (url if expected else None)


def test_a_long_text_is_cut_and_says_so():
    assert shortened("abc", 3) == "abc"
    assert shortened("a" * 10_000, 300) == "a" * 300 + " … (+9,700 characters)"


FIELDS = {"cell": "abc", "target": TARGET, "lang": "en", "outlet": "<b>", "period": None}


@pytest.fixture
def page(tmp_path):
    def write(*rows, most=10):
        corpus = read_corpus([write_lines(tmp_path / "stance.jsonl", rows)])
        places = np.arange(len(corpus))
        write_evidence(tmp_path, FIELDS, [], corpus, places, most)
        return (tmp_path / "evidence" / "abc.html").read_text(encoding="utf-8")

    return write


def test_everything_from_outside_is_escaped(page):
    evil = "<script>alert('1')</script>"
    url = 'https://news.example/"onmouseover="alert(1)'
    found = page(record(1, "favor", evil, title=evil, url=url, published=evil, lang='"x'))
    assert "<script" not in found
    assert found.count("&lt;script&gt;") == 3
    assert "&lt;b&gt;" in found
    assert '"onmouseover' not in found
    assert 'lang="&#34;x"' in found


def test_titles_of_any_kind_are_shown(page):
    found = page(
        record(1, title="\U0001f600 قمة جدة"),
        record(2, title="a" * 10_000),
        record(3, article="untitled"),
    )
    assert "\U0001f600 قمة جدة" in found
    assert "a" * 301 not in found
    assert ">untitled<" in found


def test_positions_come_first_and_the_number_left_out_is_told(page):
    rows = [record(1, "neutral"), record(2, "unrelated"), record(3, "against"), record(4, "favor")]
    found = page(*rows, most=2)
    assert "Sentence 3" in found
    assert "Sentence 4" in found
    assert "Sentence 1" not in found
    assert "2 of the 4 sentences" in found
