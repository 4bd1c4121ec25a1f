"""Which sentences train that no annotator has labelled: a folder of raw articles has many."""

from collections import Counter

import numpy as np

from labels.pipeline.schema import LabelOrigin, Split, Stance
from labels.pipeline.tables import Row
from labels.split.examples import labels_of
from labels.split.leaks import Kept


def drop_silver(kept: Kept, named: bool, most: int | None, rng: np.random.Generator) -> Kept:
    """Leave out of train what silver labels teach little, and what is too much.

    Sentences with a gold label stay.

    Args:
        kept: Each example in its split; silver labels that are too unsure are gone.
        named: Leave out where no target is named that a label finds the sentence to be about: of
            raw news that is nearly every sentence, and a model learns *unrelated* from few.
        most: Sentences that stay at most, drawn at random; None keeps all.
        rng: Of the draw.
    """
    dropped = Counter(kept.dropped)
    places = [i for i, row in enumerate(kept.rows) if _is_silver(row)]
    chosen = [i for i in places if not named or _names_a_target(kept.rows[i])]
    dropped["silver_names_no_target"] += len(places) - len(chosen)
    if most is not None and len(chosen) > most:
        dropped["silver_beyond_most"] += len(chosen) - most
        chosen = [chosen[i] for i in rng.permutation(len(chosen))[:most]]
    out = {*places} - {*chosen}
    return Kept([row for i, row in enumerate(kept.rows) if i not in out], +dropped)


def _is_silver(row: Row) -> bool:
    """Tell whether an example trains, and no label of it is gold."""
    return row["split"] == Split.train.value and all(
        label["origin"] == LabelOrigin.silver.value for _, label in labels_of(row)
    )


def _names_a_target(row: Row) -> bool:
    """Tell whether a target is named that a label of the example finds it to be about."""
    named = {mention["target"] for mention in row["mentions"]}
    return any(
        stance["target"] in named and stance["label"] != Stance.unrelated.value
        for stance in row["stances"]
    )
