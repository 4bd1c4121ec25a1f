"""Which sentences the model is asked about."""

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np

from labels.pipeline.errors import DataError
from labels.pipeline.tables import Row, iterate_table


def select_sentences(
    sentences: Path,
    mentions: Path | None,
    targets: Collection[str],
    most: int | None,
    seed: int,
) -> frozenset[str] | None:
    """Choose sentences by their ids.

    Args:
        sentences: The table of all sentences.
        mentions: Where targets are named; None: every sentence may be chosen.
        targets: Those whose mentions count.
        most: So many are drawn at random, or all where there are fewer; None: all.
        seed: Of the draw.

    Returns:
        The ids; None stands for every sentence.

    Raises:
        DataError: A table cannot be read, or they do not belong together.
    """
    if mentions is None and most is None:
        return None
    naming: set[str] | None = None
    if mentions is not None:
        rows = iterate_table(mentions, "mentions")
        naming = {row["sentence_id"] for row in rows if row["target"] in targets}
    ids = [
        row["sentence_id"]
        for row in iterate_table(sentences, "sentences")
        if naming is None or row["sentence_id"] in naming
    ]
    if naming is not None and len(ids) < len(naming):
        raise DataError(
            f"{mentions}: expected mentions in the sentences of {sentences}, found "
            f"{len(naming - set(ids))} of others; run vote_sentences again"
        )
    if most is not None and most < len(ids):
        drawn = np.random.default_rng(seed).choice(len(ids), size=most, replace=False)
        ids = [ids[place] for place in drawn]
    return frozenset(ids)


def chosen_rows(sentences: Path, chosen: frozenset[str] | None) -> Iterator[Row]:
    """Read the chosen sentences, in the order of their table."""
    for row in iterate_table(sentences, "sentences"):
        if chosen is None or row["sentence_id"] in chosen:
            yield row
