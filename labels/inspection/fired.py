"""Sentences that each labeller voted on, drawn evenly."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from labels.inspection.records import FiredOn
from labels.label_model.items import SchemeItems
from labels.pipeline.tables import iterate_table


def draw_fired(
    items: SchemeItems, sentence_ids: Sequence[str], langs: Sequence[str], n: int
) -> Iterator[FiredOn]:
    """Draw sentences that each labeller voted on, evenly over their order, without their text.

    Args:
        items: Votes and gold.
        sentence_ids: In the order of the items.
        langs: The language of each group, by number.
        n: Sentences of each labeller at most.
    """
    classes = items.scheme.classes
    for column, name in enumerate(items.matrix.labellers):
        fired = np.flatnonzero(items.matrix.votes[:, column] >= 0)
        picked = np.unique(np.linspace(0, len(fired) - 1, min(n, len(fired))).round().astype(int))
        for item in fired[picked] if len(fired) else ():
            sentence, task = divmod(int(item), len(items.tasks))
            gold = int(items.gold[item])
            yield FiredOn(
                scheme=items.scheme.name,
                labeller=name,
                task=items.tasks[task].key,
                sentence_id=sentence_ids[sentence],
                lang=langs[int(items.matrix.groups[item])],
                text="",
                label=classes[int(items.matrix.votes[item, column])],
                gold=classes[gold] if gold >= 0 else None,
            )


def with_texts(drawn: Sequence[FiredOn], sentences: Path) -> list[FiredOn]:
    """Put the texts in, from the table of sentences."""
    wanted = {found["sentence_id"] for found in drawn}
    texts: Mapping[str, str] = {
        row["sentence_id"]: row["text"]
        for row in iterate_table(sentences, "sentences")
        if row["sentence_id"] in wanted
    }
    return [{**found, "text": texts[found["sentence_id"]]} for found in drawn]
