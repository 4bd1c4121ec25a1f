"""Examples: a sentence with its labels; a task without a label is masked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from labels.pipeline.schema import (
    SENTIMENT,
    SENTIMENT_TASK,
    STANCE,
    LabelOrigin,
    Scheme,
    Split,
    Task,
)
from labels.pipeline.tables import Row
from labels.split.settings import SplitSettings


def join_examples(
    articles: Iterable[Row],
    sentences: Iterable[Row],
    labels: Iterable[Row],
    sentiments: Iterable[Row],
    mentions: Iterable[Row],
    settings: SplitSettings,
) -> list[Row]:
    """Make one example per sentence that has a label; order of the sentences.

    A target without a label is absent from ``stances``: masked, never ``unrelated``. Silver labels
    below ``min_silver_confidence`` are left out, the others weigh ``silver_weight``.
    """
    stances = weighted_labels(labels, STANCE, settings)
    sentiment = weighted_labels(sentiments, SENTIMENT, settings)
    named: defaultdict[str, list[Row]] = defaultdict(list)
    for mention in mentions:
        place = {name: value for name, value in mention.items() if name != "sentence_id"}
        named[mention["sentence_id"]].append(place)
    # Only what an example takes of its article is kept, as the texts would fill the memory.
    facts = {
        article["article_id"]: {name: article[name] for name in ("group_id", "source", "published")}
        for article in articles
    }
    return [
        {
            "sentence_id": sentence["sentence_id"],
            "article_id": sentence["article_id"],
            "text": sentence["text"],
            "lang": sentence["lang"],
            "split": Split.train.value,
            "stances": stances.get(sentence["sentence_id"], []),
            "sentiment": sentiment.get(sentence["sentence_id"], [None])[-1],
            "mentions": named.get(sentence["sentence_id"], []),
        }
        | facts[sentence["article_id"]]
        for sentence in sentences
        if sentence["sentence_id"] in stances or sentence["sentence_id"] in sentiment
    ]


def weighted_labels(
    rows: Iterable[Row], scheme: Scheme, settings: SplitSettings
) -> dict[str, list[Row]]:
    """Choose the labels of one scheme that train, with their weights, by sentence.

    Args:
        rows: Of the table that holds the labels of the scheme.
        scheme: Its classes name the columns of probabilities.
        settings: The weights, and the least probability of the likeliest class of a silver label.
    """
    probabilities = [f"p_{name}" for name in scheme.classes]
    kept = {"target", *probabilities, "label", "origin"}
    if scheme.polar:
        kept |= {"holder", "voice"}
    chosen: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["origin"] == LabelOrigin.gold.value:
            weight = settings.gold_weight
        elif max(row[name] for name in probabilities) >= settings.min_silver_confidence:
            weight = settings.silver_weight
        else:
            weight = 0.0
        if weight:
            label = {name: value for name, value in row.items() if name in kept}
            chosen[row["sentence_id"]].append(label | {"weight": weight})
    return dict(chosen)


def labels_of(example: Row) -> Iterator[tuple[Task, Row]]:
    """Go through the labels of an example with the task that each one answers."""
    for stance in example["stances"]:
        yield Task(stance["target"], STANCE), stance
    if example["sentiment"]:
        yield SENTIMENT_TASK, example["sentiment"]


def is_gold(example: Row) -> bool:
    """Tell whether every label of an example is gold."""
    return all(label["origin"] == LabelOrigin.gold.value for _, label in labels_of(example))
