import sqlite3

import pytest

from labels.annotator.cache import Spent, key_of, open_cache
from labels.pipeline.errors import DataError

LABELS = {"russia": "favor"}


def test_answers_are_there_when_the_file_is_opened_again(tmp_path):
    path = tmp_path / "new" / "answers.sqlite"
    with open_cache(path) as cache:
        assert cache.get("k") is None
        cache.put({"k": LABELS}, "m", "p", Spent(texts=1, answered=1))
    with open_cache(path) as cache:
        assert cache.get("k") == LABELS


def test_an_answer_is_there_for_others_at_once(tmp_path):
    path = tmp_path / "answers.sqlite"
    with open_cache(path) as one, open_cache(path) as other:
        one.put({"k": LABELS}, "m", "p", Spent())
        assert other.get("k") == LABELS
        other.put({"l": LABELS}, "m", "p", Spent())
        assert one.get("l") == LABELS


def test_what_requests_took_is_summed_up_by_model_and_prompt(tmp_path):
    with open_cache(tmp_path / "answers.sqlite") as cache:
        one = Spent(texts=8, answered=7, prompt_bytes=300, prompt_tokens=100, answer_tokens=20)
        cache.put({}, "m", "p", one)
        cache.put({}, "m", "q", Spent(texts=2, answered=2, prompt_tokens=50, is_counted=False))
        cache.put({}, "other", "p", Spent(texts=9, prompt_tokens=999))
        both = cache.spent("m", ["p", "q"])
        assert (both.requests, both.texts, both.answered, both.tokens) == (2, 10, 9, 170)
        assert not both.is_counted
        assert cache.spent("m", ["p"]).is_counted
        assert cache.spent("m", ["r"]) == Spent(requests=0)


def test_model_sampling_prompt_text_and_salt_make_the_key():
    base = key_of("m", {"temperature": 0.0}, "p", "x")
    others = {
        key_of("n", {"temperature": 0.0}, "p", "x"),
        key_of("m", {"temperature": 0.5}, "p", "x"),
        key_of("m", {"temperature": 0.0}, "q", "x"),
        key_of("m", {"temperature": 0.0}, "p", "x "),
        key_of("m", {"temperature": 0.0}, "p", "x", "again"),
    }
    assert len(others | {base}) == 6
    assert key_of("m", {"temperature": 0.0}, "p", "x") == base
    assert key_of("m", {}, "p", "\ud800") != key_of("m", {}, "p", "\ud801")


def test_a_file_that_is_no_cache_is_told_and_left_alone(tmp_path):
    path = tmp_path / "answers.sqlite"
    path.write_text("some notes that are no database at all", encoding="utf-8")
    with pytest.raises(DataError, match="expected answers kept by an earlier run"):
        open_cache(path).__enter__()
    assert path.read_text(encoding="utf-8").startswith("some notes")


def test_the_file_can_be_read_by_any_tool(tmp_path):
    path = tmp_path / "answers.sqlite"
    with open_cache(path) as cache:
        cache.put({"k": LABELS}, "m", "p", Spent())
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT * FROM answers").fetchall() == [
            ("k", '{"russia": "favor"}')
        ]
