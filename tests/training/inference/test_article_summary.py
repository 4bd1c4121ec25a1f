from types import SimpleNamespace

from labels.ingest import RawRecord
from training.inference.article_summary import summarize_article
from training.inference.labelling import Labelled


def record(number, label, probability, holder=None, voice="reported"):
    answer = {"label": label, "probabilities": {label: probability}}
    if label != "unrelated":
        answer |= {"holder": holder or {"author": True}, "voice": voice}
    return {
        "sentence_id": f"a#{number}",
        "text": f"Sentence {number}.",
        "stance": {"oic": answer},
        "sentiment": {"label": "neutral"},
    }


def summarized(*records):
    prepared = SimpleNamespace(
        article=SimpleNamespace(lang="en", title=None, source=None, url=None),
        record=RawRecord(article_id="a", where="f", title=None, text=""),
    )
    return summarize_article(Labelled(prepared, list(records), keys=[]), ["oic"])


def test_labels_voices_and_sentiments_are_counted():
    found = summarized(
        record(0, "favor", 0.9),
        record(1, "favor", 0.8, voice="author"),
        record(2, "against", 0.7),
        record(3, "neutral", 0.9),
        record(4, "unrelated", 0.9),
    )
    oic = found["stance"]["oic"]
    assert oic["labels"] == {"favor": 2, "against": 1, "neutral": 1, "unrelated": 1}
    assert oic["voices"] == {"favor": {"author": 1, "reported": 1}, "against": {"reported": 1}}
    assert found["sentiment"] == {"negative": 0, "neutral": 5, "positive": 0}
    assert found["sentences"] == 5


def test_holders_of_positions_are_joined_by_name_and_the_most_frequent_comes_first():
    egypt, Egypt = {"text": "egypt"}, {"text": "Egypt"}
    found = summarized(
        record(0, "favor", 0.9),
        record(1, "favor", 0.9, Egypt),
        record(2, "against", 0.9, egypt),
        record(3, "neutral", 0.9, {"text": "Qatar"}),
    )
    assert found["stance"]["oic"]["holders"] == [
        {"text": "Egypt", "favor": 1, "against": 1},
        {"author": True, "favor": 1, "against": 0},
    ]


def test_of_each_stance_the_surest_sentences_are_listed():
    chances = (0.5, 0.9, 0.6, 0.9, 0.7)
    favors = [record(number, "favor", chance) for number, chance in enumerate(chances)]
    found = summarized(*favors, record(9, "against", 0.4))["stance"]["oic"]["strongest"]
    assert [(strong["label"], strong["sentence_id"]) for strong in found] == [
        ("favor", "a#1"),
        ("favor", "a#3"),
        ("favor", "a#4"),
        ("against", "a#9"),
    ]


def test_an_article_without_sentences_has_a_summary():
    assert summarized()["stance"]["oic"]["strongest"] == []
