"""Turn the files of a public set into a table of examples, for ``train_model`` to learn from."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_folder, write_json
from labels.pipeline.schema import SCHEMES, SENTIMENT, Scheme
from labels.pipeline.tables import Row, write_table
from training.benchmark.examples import targets_of, without_copies, write_rejects
from training.benchmark.parts import read_parts
from training.benchmark.reading.settings import ReadSuiteSettings
from training.benchmark.settings import SuiteSettings
from training.fit.auxiliary.records import ABOUT, EXAMPLES, REJECTS, SuiteRecord


def read_suite(settings: ReadSuiteSettings) -> None:
    """Write the train part of a set: its examples, what they are, and what was no example.

    Examples whose text is in the set's dev part are left out, so that this stays fit to be scored.

    Raises:
        ConfigError: A part of the set is missing, or has other columns.
        DataError: A part cannot be read, or a class of the set has no example.
    """
    suite = settings.suite
    parts, rejects = read_parts(suite, settings.data_dir)
    rows = without_copies(parts["train"], parts["dev"])
    counts = {
        scheme.name: Counter(_labels(rows, scheme)) for scheme in SCHEMES if _classes(suite, scheme)
    }
    for scheme in SCHEMES:
        classes = _classes(suite, scheme)
        if missing := [name for name in classes if not counts[scheme.name][name]]:
            raise DataError(
                f"{suite.key}: {scheme.name}: expected train sentences of each of "
                f"{', '.join(classes)}, found none of {', '.join(missing)}"
            )
    about = SuiteRecord(
        key=suite.key,
        title=suite.title,
        licence=suite.licence,
        targets=targets_of(suite, target_blind=False),
        classes={
            scheme.name: _classes(suite, scheme) for scheme in SCHEMES if scheme.name in counts
        },
    )
    with atomic_folder(settings.output) as folder:
        write_table(folder / EXAMPLES, "splits", rows)
        write_json(folder / ABOUT, about)
        write_rejects(folder / REJECTS, rejects)
    table = Table(title=f"{suite.title}: {len(rows):,} sentences to learn from")
    for name in ("scheme", "class", "labels"):
        table.add_column(name, justify="right")
    for name, found in counts.items():
        for label in about["classes"][name]:
            table.add_row(name, label, f"{found[label]:,}")
    console = Console()
    console.print(table)
    console.print(
        f"left out {len(parts['train']) - len(rows)}, as their text is in dev; rejected "
        f"{len(rejects)}\nexamples {settings.output / EXAMPLES}",
        highlight=False,
        markup=False,
    )


def _classes(suite: SuiteSettings, scheme: Scheme) -> list[str]:
    """List the classes that the set's labels become, in the order of the scheme."""
    named = {
        ours
        for layout in suite.layouts
        for ours in (layout.get("labels") or {}).get(scheme.name, {}).values()
    }
    return [name for name in scheme.classes if name in named]


def _labels(rows: Sequence[Row], scheme: Scheme) -> list[str]:
    if scheme == SENTIMENT:
        return [row["sentiment"]["label"] for row in rows if row["sentiment"]]
    return [stance["label"] for row in rows for stance in row["stances"]]
