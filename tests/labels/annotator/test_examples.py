import json

from labels.annotator.examples import GoldSentence, choose_examples, read_gold_sentences
from labels.pipeline.schema import tasks_for

TASKS = tasks_for(["russia"])


def sentence(number, stance, lang="en", text=None):
    labels = {"russia": stance, "sentiment": "neutral"}
    return GoldSentence(
        where=f"g:{number}",
        article=str(number),
        lang=lang,
        text=text or f"Text {number}.",
        labels=labels,
    )


def test_examples_show_every_stance_before_any_twice():
    gold = [sentence(number, "unrelated") for number in range(50)]
    gold += [sentence(50, "favor"), sentence(51, "against"), sentence(52, "neutral")]
    chosen = choose_examples(gold, TASKS, 4, seed=1)["en"]
    shown = [example.labels["russia"] for example in chosen]
    assert sorted(shown) == ["against", "favor", "neutral", "unrelated"]
    assert shown[-1] == "unrelated"
    assert choose_examples(gold, TASKS, 4, seed=1)["en"] == chosen


def test_examples_are_whole_short_and_of_their_language():
    partly = GoldSentence(where="g:1", article="1", lang="en", text="x", labels={"russia": "favor"})
    gold = [partly, sentence(2, "favor", text="x" * 401), sentence(3, "favor", "ru")]
    chosen = choose_examples([*gold, sentence(4, "neutral")], TASKS, 6, seed=1)
    assert [example.where for example in chosen["en"]] == ["g:4"]
    assert [example.where for example in chosen["ru"]] == ["g:3"]


def test_gold_sentences_know_article_and_language(tmp_path):
    path = tmp_path / "gold.jsonl"
    rows = [
        {"id": "1", "article_id": "a", "lang": "en-GB", "text": "x", "russia": "Favor"},
        {"id": "2", "article_id": "a", "text": "y", "russia": "favor"},
        {"id": "3", "article_id": "a", "lang": "en", "text": "z", "russia": "hostile"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found, rejects = read_gold_sentences([path], ["russia"], ["russia"])
    (only,) = found
    assert (only.article, only.lang, only.labels) == ("a", "en", {"russia": "favor"})
    assert [reject.reason for reject in rejects] == ["unknown_label", "unknown_language"]
