"""The results of all public sets: a file that git keeps, and the page made of it."""

import csv
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import get_type_hints

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path
from labels.pipeline.markdown import markdown_table
from training.benchmark.settings import SuiteSettings

HEADER = ("set", "part", "rows", "score", "score (%)", "seeds", "best published")


@dataclass(frozen=True)
class Result:
    """One trained model, scored on one part of one set."""

    suite: str
    target_blind: bool
    seed: int
    part: str  # dev, which chose the epoch, or test
    rows: int
    score: float  # in [0, 1], as are its bounds
    low: float
    high: float
    epochs: int
    best_epoch: int
    train_rows: int
    run: str  # key of the training: its inputs and settings

    @property
    def place(self) -> tuple[str, str, bool, int]:
        """What a newer result replaces."""
        return (self.suite, self.part, self.target_blind, self.seed)


_READ: Mapping[type, Callable[[str], object]] = {
    bool: lambda text: text == "True",
    int: int,
    float: float,
    str: str,
}


def read_results(path: Path) -> list[Result]:
    """Read the results; none where there is no file.

    Raises:
        DataError: The file is not one that `write_results` wrote.
    """
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    types = get_type_hints(Result)
    try:
        return [
            Result(**{name: _READ[kind](row[name]) for name, kind in types.items()})  # type: ignore[arg-type]
            for row in rows
        ]
    except (KeyError, TypeError, ValueError) as error:
        names = ", ".join(item.name for item in fields(Result))
        raise DataError(f"{path}: expected the columns {names}; {error}; delete it") from error


def write_results(path: Path, results: Iterable[Result]) -> None:
    """Write results in the order of what they are of; of several of the same, the last."""
    kept = {result.place: result for result in results}
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        names = [item.name for item in fields(Result)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_rounded(kept[place]) for place in sorted(kept))


def cells(results: Sequence[Result], suite: SuiteSettings) -> tuple[str, ...]:
    """Return the row of a set and part in the table; ``results`` differ in their seeds alone."""
    scores = [100 * result.score for result in results]
    shown = f"{statistics.mean(scores):.1f}"
    if len(scores) > 1:
        shown += f" ± {statistics.stdev(scores):.1f}"
    first = results[0]
    name = suite.title + (" (target hidden)" if first.target_blind else "")
    return (
        name,
        first.part,
        f"{first.rows:,}",
        suite.metric.value,
        f"{shown} [{100 * first.low:.1f}, {100 * first.high:.1f}]",
        ", ".join(str(result.seed) for result in results),
        "" if first.target_blind else suite.published,
    )


def table_rows(
    results: Iterable[Result], suites: Mapping[str, SuiteSettings]
) -> list[tuple[str, ...]]:
    """Return a row for each set and part that has results, sets in the order of their keys."""
    grouped: defaultdict[tuple[str, str, bool], list[Result]] = defaultdict(list)
    for result in results:
        if result.suite in suites:
            grouped[result.suite, result.part, result.target_blind].append(result)
    return [
        cells(sorted(grouped[key], key=lambda result: result.seed), suites[key[0]])
        for key in sorted(grouped)
    ]


def page_text(results: Iterable[Result], suites: Mapping[str, SuiteSettings]) -> str:
    """Return the page: the table, and how it came about."""
    results = list(results)
    about = [
        (suite.title, suite.about, suite.licence)
        for key, suite in sorted(suites.items())
        if any(result.suite == key for result in results)
    ]
    return f"""# Public sets

Written by `python scripts/run_benchmark.py suite=NAME data_dir=DIR [test_file=PATH]`; do not edit.
Each line is a training of its own on the train part of one set, with the settings of
`configs/suite/NAME.yaml`, from the weights of the main job's model unless another `start` was
given. Dev chooses the epoch, so a score on dev is of sentences that had a part in a choice; one on
test is not. The score is the one that the set's results are published in; the interval is 95%, over
texts, of the first seed. Training sentences whose text is also in dev or test are left out. Hidden:
the same, but the model is not told what the target is or where it stands. The published figures are
of the sets' own test parts, mostly by larger models.

{markdown_table(HEADER, table_rows(results, suites))}

{markdown_table(("set", "what it is", "licence"), about)}
"""


def _rounded(result: Result) -> dict[str, object]:
    values = asdict(result)
    return values | {name: round(values[name], 4) for name in ("score", "low", "high")}
