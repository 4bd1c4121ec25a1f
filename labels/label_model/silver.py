"""The rows of the tables of labels: gold where there is gold, else silver."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from labels.annotate.gold import Gold, GoldRow
from labels.label_model.items import SchemeItems
from labels.pipeline.schema import SENTIMENT, STANCE, LabelOrigin, Task
from labels.pipeline.tables import TABLES, Row

TABLE_OF = {STANCE.name: "labels", SENTIMENT.name: "sentiments"}  # the table of each scheme
SILVER_ANNOTATOR = "label_model"


class TaskCounts(TypedDict):
    """Labels of one task, by class; a sentence without a label is masked."""

    masked: int
    gold: dict[str, int]
    silver: dict[str, int]


def label_rows(
    items: SchemeItems,
    sentence_ids: Iterable[str],
    gold: Gold,
    probabilities: NDArray[np.float64],
    silver_for_gold_sentences: bool,
) -> Iterator[tuple[Task, Row]]:
    """Make the rows of a scheme's table, sentence by sentence.

    Gold wins over silver. A sentence and task on which every labeller abstains has no row: it is
    masked, not a class. So is what a gold row leaves open.

    Args:
        items: The items of the scheme.
        sentence_ids: In the order of the items.
        gold: Gold by sentence.
        probabilities: Of the label model, shape ``(items, classes)``.
        silver_for_gold_sentences: Give silver labels to what a gold row leaves open.
    """
    columns = TABLES[TABLE_OF[items.scheme.name]]
    has_vote = items.matrix.has_vote()
    n_tasks = len(items.tasks)
    for place, sentence_id in enumerate(sentence_ids):
        gold_row = gold.by_sentence.get(sentence_id)
        for item, task in enumerate(items.tasks, start=place * n_tasks):
            if gold_row is not None and task.key in gold_row.labels:
                values = _gold_values(task, gold_row)
            elif has_vote[item] and (gold_row is None or silver_for_gold_sentences):
                values = _silver_values(task, probabilities[item].tolist())
            else:
                continue
            values |= {"sentence_id": sentence_id, "target": task.key}
            yield task, {name: values[name] for name in columns}


def _gold_values(task: Task, row: GoldRow) -> Row:
    label = row.labels[task.key]
    return {
        **{f"p_{name}": float(name == label) for name in task.classes},
        "label": label,
        "origin": LabelOrigin.gold.value,
        "annotator": row.annotator,
        "holder": row.holder.get(task.key),
        "voice": row.voice.get(task.key),
    }


def _silver_values(task: Task, probabilities: Sequence[float]) -> Row:
    return {
        **{f"p_{name}": p for name, p in zip(task.classes, probabilities, strict=True)},
        "label": task.classes[int(np.argmax(probabilities))],
        "origin": LabelOrigin.silver.value,
        "annotator": SILVER_ANNOTATOR,
        "holder": None,
        "voice": None,
    }


class LabelTally:
    """Counts rows as they are written."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        """Begin with no rows of each task."""
        self._counts: Mapping[str, Counter[tuple[str, str]]] = {
            task.key: Counter() for task in tasks
        }

    def count(self, task: Task, row: Row) -> None:
        """Count one row."""
        self._counts[task.key][row["origin"], row["label"]] += 1

    def report(self, n_sentences: int) -> dict[str, TaskCounts]:
        """Return the counts by task, out of so many sentences."""
        return {
            task: TaskCounts(
                masked=n_sentences - counts.total(),
                gold=_of_origin(counts, LabelOrigin.gold),
                silver=_of_origin(counts, LabelOrigin.silver),
            )
            for task, counts in self._counts.items()
        }


def _of_origin(counts: Mapping[tuple[str, str], int], origin: LabelOrigin) -> dict[str, int]:
    return {label: n for (of, label), n in sorted(counts.items()) if of == origin.value}
