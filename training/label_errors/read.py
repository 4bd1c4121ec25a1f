"""Gold rows, each with an id of its own, and predictions on them that others have made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labels.annotate.gold import GoldRow, read_gold
from labels.annotate.gold_file import read_gold_lines
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject, Task
from training.inference.written import read_written


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A gold row."""

    id: str
    article_id: str
    lang: str
    row: GoldRow


def read_rows(
    paths: Sequence[Path], targets: Sequence[str], known: Sequence[str]
) -> tuple[list[Labelled], list[Reject]]:
    """Read gold files; a row without an ``id``, or with one of another row, is called by its place.

    Raises:
        DataError: A file cannot be read, or none has a row.
    """
    found: list[tuple[str, str, str, GoldRow]] = []
    rejects: list[Reject] = []
    for path in paths:
        lines = {
            one.where: one.values for one in read_gold_lines(path) if not isinstance(one, Reject)
        }
        rows, broken = read_gold(path, targets, known)
        rejects += broken
        for row in rows:
            values = lines[row.where]
            place = f"{path.name}:{row.where.rpartition(':')[2]}"
            key = str(values.get("id") or place).strip()
            found.append((key, place, str(values.get("lang") or "other"), row))
    if not found:
        raise DataError(f"{', '.join(map(str, paths))}: expected gold rows, found none")
    counts = Counter(key for key, *_ in found)
    labelled = [
        Labelled(
            id=key if counts[key] == 1 else place,
            article_id=row.article_ids[-1],
            lang=lang,
            row=row,
        )
        for key, place, lang, row in found
    ]
    return labelled, rejects


def read_predictions(
    paths: Sequence[Path], rows: Sequence[Labelled], tasks: Sequence[Task]
) -> dict[str, NDArray[np.float64]]:
    """Find the probabilities of each row in outputs of ``predict_stance``, by its text.

    They say nothing of errors unless the model that made them was not trained on the row.

    Returns:
        By task; shape ``(rows, classes)``, NaN where there is none.

    Raises:
        DataError: A file is no such output, or holds no row.
    """
    places: dict[str, list[int]] = {}
    for place, one in enumerate(rows):
        places.setdefault(_spaced(one.row.text), []).append(place)
    found = {task.key: np.full((len(rows), len(task.classes)), np.nan) for task in tasks}
    for path in paths:
        n_before = _filled(found)
        for record in read_written(path):
            for place in places.get(_spaced(record.text), ()):
                for key, answer in record.answers.items():
                    if key in found:
                        found[key][place] = answer.probabilities
        if _filled(found) == n_before:
            raise DataError(f"{path}: expected predictions on the texts of gold, found none")
    return found


def _filled(found: Mapping[str, NDArray[np.float64]]) -> int:
    return sum(int((~np.isnan(one[:, 0])).sum()) for one in found.values())


def _spaced(text: str) -> str:
    return " ".join(text.split())
