import numpy as np
import pytest

from training.drift.features import features_of, name_targets
from training.drift.read import Line, Text
from training.inference.written import WrittenAnswer


def text(number, lang, *lines, source=None, answers=None):
    return Text(
        article_id=str(number),
        group=str(number),
        lang=lang,
        source=source,
        published=None,
        lines=[
            Line(sentence_id=f"{number}#{i}", kind="body", text=line, answers=answers or {})
            for i, line in enumerate(lines)
        ],
    )


@pytest.fixture
def features(side, matcher):
    """Count the features of two articles in English and one in Russian, by name and place."""

    def make(form="articles", answers=None):
        texts = [
            text(0, "en", "Moscow spoke.", "Rain fell on us all day long.", source="Gazette"),
            text(1, "en", "The OIC met in Jeddah.", source="Herald", answers=answers),
            text(2, "ru", "Шёл дождь."),
        ]
        named = list(name_targets(texts, matcher))
        found = features_of(named, (side(texts[:2], form), side(texts[2:])), ["russia", "oic"])
        return {(one.name, one.lang, one.target): one for one in found}

    return make


def shown(feature):
    return {
        kind: np.asarray(feature.counts)[:, i].tolist()
        for i, kind in enumerate(feature.kinds)
        if np.asarray(feature.counts)[:, i].any()
    }


def test_features_count_each_article(features):
    found = features()
    assert shown(found["languages", None, None]) == {"en": [1, 1, 0], "ru": [0, 0, 1]}
    assert shown(found["outlets", None, None]) == {"Gazette": [1, 0, 0], "Herald": [0, 1, 0]}
    assert shown(found["sentence length", "en", None]) == {
        "up to 4": [1, 0, 0],
        "up to 8": [1, 1, 0],
    }
    assert shown(found["article size", "en", None]) == {"up to 1": [0, 1, 0], "up to 4": [1, 0, 0]}
    assert shown(found["names target", "en", "russia"]) == {"named": [1, 0, 0], "not": [1, 1, 0]}
    assert shown(found["names target", "en", "oic"]) == {"named": [0, 1, 0], "not": [2, 0, 0]}
    # another language has counts of its own, and of others none
    assert shown(found["sentence length", "ru", None]) == {"up to 4": [0, 0, 1]}


def test_the_size_of_articles_is_not_compared_with_labelled_sentences_alone(features):
    assert ("article size", "en", None) not in features(form="splits")


def test_answers_are_compared_where_there_are_some(features):
    assert not any("answers" in name for name, *_ in features())
    answer = WrittenAnswer(label="favor", probabilities=(0.93, 0.03, 0.03, 0.01), holder=None)
    tone = WrittenAnswer(label="neutral", probabilities=(0.2, 0.6, 0.2), holder=None)
    found = features(answers={"oic": answer, "sentiment": tone})
    assert shown(found["stance answers", "en", "oic"]) == {"favor": [0, 1, 0]}
    assert shown(found["stance sureness", "en", "oic"]) == {"up to 0.95": [0, 1, 0]}
    assert shown(found["sentiment answers", "en", None]) == {"neutral": [0, 1, 0]}
    assert shown(found["sentiment sureness", "en", None]) == {"up to 0.6": [0, 1, 0]}
