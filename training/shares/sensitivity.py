"""What hangs on the threshold, and on the seed of the model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from labels.pipeline.errors import DataError
from labels.pipeline.progress import Meter
from labels.pipeline.schema import POLAR_STANCES
from training.shares.audit import read_audit
from training.shares.cells import Cell, View
from training.shares.corpus import read_corpus
from training.shares.estimates import Found, Workbench, cell_fields
from training.shares.records import Sensitivity


def vary(bench: Workbench, found: Sequence[Found], shown: Meter) -> list[Sensitivity]:
    """Estimate again, with other thresholds and with predictions of other seeds, cell by cell.

    Only cells of the counting that is shown and of all voices, which have an estimate, are told of.

    Raises:
        DataError: Predictions of another seed cannot be read, or are for other sentences.
    """
    settings = bench.settings
    told = {
        one.cell
        for one in found
        if one.counting is settings.counting and one.cell.voice is None and one.reason is None
    }
    rows: list[Sensitivity] = []
    for threshold in settings.thresholds:
        view = View(settings.among, threshold)
        other = Workbench(bench.corpus, bench.articles, bench.audit, settings, view)
        rows += _rows(other, told, "threshold", f"{threshold:g}", shown)
    for number, path in enumerate(settings.other_seeds):
        gold = settings.other_seeds_gold[number] if settings.other_seeds_gold else None
        rows += _rows(_with_seed(bench, path, gold), told, "seed", path.name, shown)
    return rows


def _with_seed(bench: Workbench, path: Path, gold: Path | None) -> Workbench:
    corpus = read_corpus([path])
    if corpus.sentence_ids != bench.corpus.sentence_ids:
        raise DataError(
            f"{path}: expected predictions for the sentences of "
            f"{', '.join(map(str, bench.settings.predictions))}, in that order, found others"
        )
    audit = None
    if bench.settings.gold is not None:
        audit = read_audit(bench.settings.gold, corpus if gold is None else read_corpus([gold]))
    return replace(bench, corpus=corpus, audit=audit, _scopes={})


def _rows(
    bench: Workbench, told: set[Cell], varied: str, value: str, shown: Meter
) -> Iterator[Sensitivity]:
    for one in bench.cells([bench.settings.counting], [None], shown):
        if one.cell not in told:
            continue
        for row in bench.rows(one):
            if row["stance"] in POLAR_STANCES:
                yield Sensitivity(
                    **cell_fields(one),
                    stance=row["stance"],
                    varied=varied,
                    value=value,
                    sentences=row["sentences"],
                    share=row["share"],
                    low=row["low"],
                    high=row["high"],
                    reason=row["reason"],
                )
