import json

import pytest

from labels.corpus.check import check_corpus
from labels.pipeline.errors import DataError
from tests.labels.corpus.conftest import GOLD, write_lines


def test_a_sound_corpus_is_published_and_then_up_to_date(limits, changed, capsys):
    check_corpus(limits)
    card = limits.card.read_text(encoding="utf-8")
    assert "| sentences | 4 | 100 |" in card
    assert "| russia favor | 33.3% | 20.0% |" in card
    assert "n 3" in limits.agreement_page.read_text(encoding="utf-8")
    check_corpus(changed(write=False))
    assert "ok" in capsys.readouterr().err


def test_a_page_that_is_not_up_to_date_is_a_problem(limits, changed, folder, capsys):
    check_corpus(limits)
    rows = [*GOLD[:1], GOLD[1] | {"sentiment": "negative"}, *GOLD[2:]]
    write_lines(folder / "gold.jsonl", rows)
    write_lines(folder / "second_reading.jsonl", rows)
    with pytest.raises(DataError, match="3 problems"):
        check_corpus(changed(write=False))
    assert "card.md: is not that of the corpus" in capsys.readouterr().err


def test_real_news_is_measured_and_its_sentences_are_found(limits, changed, tmp_path, capsys):
    real = tmp_path / "real"
    (real / "articles").mkdir(parents=True)
    (real / "gold").mkdir()
    long = "Norland's farmers met on Monday to talk about prices and about the rain of the spring."
    write_lines(real / "articles" / "a.jsonl", [{"id": "1", "lang": "en", "text": long + " Yes."}])
    write_lines(real / "gold" / "train.jsonl", [row | {"text": "Snow."} for row in GOLD])
    check_corpus(changed(reference=real, max_ratio_difference=1.0, max_length_factor=9.0))
    figures = json.loads(limits.reference_figures.read_text(encoding="utf-8"))["languages"]
    assert figures["en"]["sentences"] == 2
    assert figures["en"]["gold_sentences"] == 3
    capsys.readouterr()


def test_a_reference_without_gold_is_an_error(changed, tmp_path):
    with pytest.raises(DataError, match=r"expected articles/ and gold/train\.jsonl"):
        check_corpus(changed(reference=tmp_path))
