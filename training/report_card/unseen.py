"""Figures of what is new to a model: later days, and outlets, that nothing which trained is of."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from labels.pipeline.schema import Split
from labels.pipeline.tables import Row
from training.report_card.page import Cell, Line
from training.report_card.scored import Predictions, Scored
from training.report_card.slices import Measuring, stance_figures

LATER = "of a later day than any that trained"
OTHER_OUTLETS = "of outlets that train lacks"
SAME_OUTLETS = "of outlets that train has"
_FIGURES = ("f_polar", "macro_related", "macro_f1", "related")


def read_unseen(rows: Iterable[Row], split: str) -> dict[str, set[str]]:
    """Find the sentences of a split that are new to what trained, in one pass.

    Args:
        rows: Of the table ``splits``.
        split: What was scored.

    Returns:
        Ids of sentences, by what is new; one without a date or an outlet is not where that is
        asked for. Where train has no date, nothing is later.
    """
    newest = ""
    known: set[str] = set()
    asked: dict[str, tuple[str | None, str | None]] = {}
    for row in rows:
        if row["split"] == Split.train.value:
            newest = max(newest, row["published"] or "")
            known.add(row["source"])
        elif row["split"] == split:
            asked[row["sentence_id"]] = row["published"], row["source"]
    return {
        LATER: {key for key, (day, _) in asked.items() if newest and day and day > newest},
        OTHER_OUTLETS: {key for key, (_, who) in asked.items() if who and who not in known},
        SAME_OUTLETS: {key for key, (_, who) in asked.items() if who and who in known},
    }


def unseen_section(
    predictions: Predictions,
    stances: Scored,
    unseen: Mapping[str, Collection[str]],
    measuring: Measuring,
) -> dict[str, Any]:
    """Lay out the stances of what is new and, to compare, of what is not.

    Args:
        predictions: Of the split.
        stances: Its stances, scaled.
        unseen: As `read_unseen` found it.
        measuring: How figures are measured.
    """
    lines = []
    for what, wanted in unseen.items():
        numbers = [i for i, key in enumerate(predictions.sentence_ids) if key in wanted]
        own = stances[np.isin(stances.sentences, numbers)]
        found = stance_figures(own, measuring)
        groups = len(set(own.groups.tolist()))
        counts: list[Cell | str] = [f"{len(numbers):,}", f"{groups:,}"]
        lines.append(Line(what, counts + [Cell(found[name]) for name in _FIGURES]))
    return {
        "unseen_heads": (
            "Sentences",
            "n",
            "articles",
            "f_polar",
            "+ neutral",
            "+ unrelated",
            "related",
        ),
        "unseen_rows": lines,
    }
