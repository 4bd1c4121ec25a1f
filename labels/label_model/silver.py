"""The rows of the tables of labels: gold where there is gold, else silver."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypedDict

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from labels.annotate.gold import Gold, GoldRow
from labels.label_model.items import SchemeItems
from labels.label_model.votes import Ints
from labels.pipeline.schema import SENTIMENT, STANCE, LabelOrigin, Task
from labels.pipeline.tables import ROW_GROUP, TABLES

TABLE_OF = {STANCE.name: "labels", SENTIMENT.name: "sentiments"}  # the table of each scheme
SILVER_ANNOTATOR = "label_model"


class TaskCounts(TypedDict):
    """Labels of one task, by class; a sentence without a label is masked."""

    masked: int
    gold: dict[str, int]
    silver: dict[str, int]


@dataclass(frozen=True)
class Labelled:
    """The labels of some sentences, as columns of their table."""

    columns: Mapping[str, Any]
    tasks: Ints  # of each row, by number


def label_columns(
    items: SchemeItems,
    sentence_ids: Iterable[str],
    gold: Gold,
    probabilities: NDArray[np.float64],
    silver_for_gold_sentences: bool,
) -> Iterator[Labelled]:
    """Make the rows of a scheme's table, sentence by sentence, a row group or so at a time.

    Gold wins over silver. A sentence and task on which every labeller abstains has no row: it is
    masked, not a class. So is what a gold row leaves open.

    Args:
        items: The items of the scheme.
        sentence_ids: In the order of the items.
        gold: Gold by sentence.
        probabilities: Of the label model, shape ``(items, classes)``.
        silver_for_gold_sentences: Give silver labels to what a gold row leaves open.
    """
    is_silver = items.matrix.has_vote()
    n_tasks = len(items.tasks)
    names = iter(sentence_ids)
    start = 0
    while own := list(islice(names, ROW_GROUP)):
        rows: dict[int, GoldRow] = {}  # of each item with gold
        here = slice(start * n_tasks, (start + len(own)) * n_tasks)
        kept = is_silver[here].copy()
        for place, name in enumerate(own):
            row = gold.by_sentence.get(name)
            if row is None:
                continue
            for item, task in enumerate(items.tasks, place * n_tasks):
                if task.key in row.labels:
                    rows[item] = row
                kept[item] = item in rows or (silver_for_gold_sentences and kept[item])
        yield _labelled(items, own, np.flatnonzero(kept), rows, probabilities[here])
        start += len(own)


def _labelled(
    items: SchemeItems,
    sentence_ids: Sequence[str],
    kept: Ints,
    gold: Mapping[int, GoldRow],
    probabilities: NDArray[np.float64],
) -> Labelled:
    """Make the rows of the items that are kept; numbers count from the first of the sentences."""
    n_tasks, classes = len(items.tasks), items.scheme.classes
    tasks = kept % n_tasks
    found = probabilities[kept]
    origin = np.full(len(kept), LabelOrigin.silver.value, object)
    annotator = np.full(len(kept), SILVER_ANNOTATOR, object)
    holder, voice = np.full(len(kept), None, object), np.full(len(kept), None, object)
    for place in np.flatnonzero(np.isin(kept, list(gold))).tolist():
        row, task = gold[int(kept[place])], items.tasks[tasks[place]]
        found[place] = [name == row.labels[task.key] for name in classes]
        origin[place], annotator[place] = LabelOrigin.gold.value, row.annotator
        holder[place], voice[place] = row.holder.get(task.key), row.voice.get(task.key)
    values = {
        "sentence_id": pa.array(sentence_ids).take(pa.array(kept // n_tasks)),
        "target": pa.array([task.key for task in items.tasks]).take(pa.array(tasks)),
        **{
            f"p_{name}": column.astype(np.float32)
            for name, column in zip(classes, found.T, strict=True)
        },
        "label": pa.array(classes).take(pa.array(found.argmax(axis=1))),
        "origin": pa.array(origin, pa.string()),
        "annotator": pa.array(annotator, pa.string()),
        "holder": pa.array(holder, pa.string()),
        "voice": pa.array(voice, pa.string()),
    }
    return Labelled({name: values[name] for name in TABLES[TABLE_OF[items.scheme.name]]}, tasks)


class LabelTally:
    """Counts rows as they are written."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        """Begin with no rows of each task."""
        self._counts: Mapping[str, Counter[tuple[str, str]]] = {
            task.key: Counter() for task in tasks
        }

    def count(self, tasks: Sequence[Task], labelled: Labelled) -> None:
        """Count rows on the tasks of a scheme."""
        origins, labels = (labelled.columns[name].to_pylist() for name in ("origin", "label"))
        for number, origin, label in zip(labelled.tasks.tolist(), origins, labels, strict=True):
            self._counts[tasks[number].key][origin, label] += 1

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
