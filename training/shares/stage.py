"""From predictions and an audited gold sample to shares, charts, evidence and tasks."""

import json
import resource
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from rich.console import Console

from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_folder, write_json
from labels.pipeline.progress import meter
from labels.pipeline.schema import POLAR_STANCES
from labels.pipeline.settings import to_json
from training.shares.audit import Audit, read_audit
from training.shares.cells import NO_OUTLET, View, describe_articles
from training.shares.charts import outlet_chart, time_chart, write_pictures
from training.shares.corpus import Corpus, read_corpus
from training.shares.estimates import TOO_FEW, Found, Workbench, all_voices, cell_fields
from training.shares.pages import INDEX, write_evidence, write_index
from training.shares.records import Account, Change, GoldCounts, LabelTask, Sensitivity, Share
from training.shares.sensitivity import vary
from training.shares.settings import META, Among, Counting, ShareSettings
from training.shares.tables import write_rows
from training.shares.tasks import choose_cell, make_tasks
from training.shares.words import closing_table, conclusions

_ON_PAGE = 1_000  # rows of a table on the page
_PATHS = ("predictions", "gold", "gold_predictions", "other_seeds", "other_seeds_gold", "output")


def chart_stance(settings: ShareSettings) -> None:
    """Estimate the share of each stance in every cell, and write tables, charts and evidence.

    Raises:
        ConfigError: The cell to label is not there.
        DataError: A file cannot be read, gold and predictions do not match, or the predictions of
            the gold sample are another model's.
    """
    console, start = Console(stderr=True), perf_counter()
    _check_models(settings.predictions[0], settings.gold_predictions)
    with console.status("reading predictions"):
        corpus = read_corpus(settings.predictions)
        audit = _audit(settings, corpus)
    with meter(console, "comparing", "articles", len(corpus.articles)) as shown:
        articles = describe_articles(corpus, settings.period, settings.near_duplicates, shown)
    view = View(settings.among, settings.least_probability)
    bench = Workbench(corpus, articles, audit, settings, view)
    with meter(console, "estimating", "cells") as shown:
        found = list(bench.cells(list(Counting), all_voices(bench), shown))
        rows = [row for one in found for row in bench.rows(one)]
        changes = [
            row
            for counting in Counting
            for row in bench.changes([one for one in found if one.counting is counting])
        ]
        sensitivity = vary(bench, found, shown)
    tasks = _tasks(bench, found, rows)
    account = _account(settings, bench, found, changes, tasks)
    chosen = [row for row in rows if row["counting"] == settings.counting.value]
    chosen_changes = [row for row in changes if row["counting"] == settings.counting.value]
    told = conclusions(settings, account, chosen, chosen_changes, sensitivity, audit)
    with atomic_folder(settings.output) as folder:
        write_rows(folder, "shares", Share, rows)
        write_rows(folder, "changes", Change, changes)
        write_rows(folder, "sensitivity", Sensitivity, sensitivity)
        _write_lines(folder / "tasks.jsonl", tasks)
        rejects = [*corpus.rejects, *(audit.rejects if audit else ())]
        _write_lines(folder / "rejects.jsonl", [asdict(reject) for reject in rejects])
        with console.status("writing evidence and charts"):
            _write_evidence(folder, bench, found, rows)
            _write_pages(folder, settings, corpus, chosen, chosen_changes, told)
        write_json(folder / META, account)
    _show(console, settings, chosen, told, tasks, len(corpus), perf_counter() - start)


def _check_models(predictions: Path, of_gold: Path | None) -> None:
    """Refuse predictions of the gold sample by another model, where the files say whose they are.

    Raises:
        DataError: They are another model's.
    """
    if of_gold is None:
        return
    first, second = _model_of(predictions), _model_of(of_gold)
    if first and second and first != second:
        raise DataError(
            f"{of_gold}: expected predictions by the model of {predictions} (export {first[:12]}), "
            f"found those of export {second[:12]}; error rates of one say nothing of the other"
        )


def _model_of(output: Path) -> str | None:
    try:
        text = output.with_name(f"{output.name}.meta.json").read_text(encoding="utf-8")
        return str(json.loads(text)["export_hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # the file does not say


def _audit(settings: ShareSettings, corpus: Corpus) -> Audit | None:
    if settings.gold is None:
        return None
    path = settings.gold_predictions
    return read_audit(settings.gold, corpus if path is None else read_corpus([path]))


def _tasks(bench: Workbench, found: Sequence[Found], rows: Sequence[Share]) -> list[LabelTask]:
    counting = bench.settings.counting
    row = choose_cell(
        [row for row in rows if row["counting"] == counting.value], bench.settings.label_cell
    )
    if row is None:
        return []
    one = next(one for one in found if (one.counting, one.cell.key) == (counting, row["cell"]))
    return make_tasks(bench, one, row, bench.settings.most_tasks)


def _account(
    settings: ShareSettings,
    bench: Workbench,
    found: Sequence[Found],
    changes: Sequence[Change],
    tasks: Sequence[LabelTask],
) -> Account:
    corpus, articles, audit = bench.corpus, bench.articles, bench.audit
    kept = {name: value for name, value in to_json(settings).items() if name not in _PATHS}
    reasons = Counter(reject.reason for reject in corpus.rejects)
    too_few = sum(one.reason == TOO_FEW for one in found)
    return Account(
        settings=kept,
        sentences=len(corpus),
        rejects=len(corpus.rejects),
        rejects_by_reason=dict(sorted(reasons.items())),
        articles=len(corpus.articles),
        events=len(set(articles.events.tolist())),
        without_outlet=articles.outlets.count(NO_OUTLET),
        without_date=articles.days.count(None),
        gold=_gold_counts(audit),
        cells=len(found),
        too_few=too_few,
        without_estimate=sum(one.reason is not None for one in found) - too_few,
        changes=len(changes),
        tasks=len(tasks),
    )


def _gold_counts(audit: Audit | None) -> GoldCounts | None:
    if audit is None:
        return None
    return GoldCounts(
        rows=audit.rows,
        used=len(audit),
        rejects=len(audit.rejects),
        unmatched=audit.unmatched,
    )


def _write_lines(path: Path, values: Sequence[object]) -> None:
    text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    path.write_text(text, encoding="utf-8")


def _write_evidence(
    folder: Path, bench: Workbench, found: Sequence[Found], rows: Sequence[Share]
) -> None:
    """Write a page for each cell, of all voices together, that has an estimate."""
    told = {row["cell"] for row in rows if row["share"] is not None and row["voice"] is None}
    shares: dict[str, list[Share]] = {name: [] for name in sorted(told)}
    for row in rows:
        if row["cell"] in told:
            shares[row["cell"]].append(row)
    for one in found:
        # what counts each article has every sentence that what counts events has
        if one.counting is Counting.articles and one.cell.key in told:
            fields = cell_fields(one)
            write_evidence(
                folder,
                fields,
                shares[one.cell.key],
                bench.corpus,
                one.places,
                bench.settings.evidence,
            )


def _write_pages(
    folder: Path,
    settings: ShareSettings,
    corpus: Corpus,
    rows: Sequence[Share],
    changes: Sequence[Change],
    told: Sequence[str],
) -> None:
    charts = []
    for target in corpus.targets:
        for name, spec in (
            ("outlets", outlet_chart(rows, target)),
            ("time", time_chart(rows, target, settings.period, settings.outlets_shown)),
        ):
            if spec is not None:
                write_pictures(folder, f"{name}.{target}", spec)
                charts.append({"title": f"{target}: {name}", "spec": spec})
    polar = [
        row
        for row in rows
        if row["share"] is not None and row["voice"] is None and row["stance"] in POLAR_STANCES
    ]
    sure = sorted(changes, key=lambda row: (row["p_adjusted"], row["p"]))
    of = "sentences about the target" if settings.among is Among.related else "all sentences"
    write_index(
        folder,
        conclusions=told,
        charts=charts,
        changes=sure[:_ON_PAGE],
        n_changes=len(changes),
        shares=polar[:_ON_PAGE],
        left_out=max(0, len(polar) - _ON_PAGE),
        width=settings.width,
        about=f"Shares of {of}, estimator {settings.estimator.value}, one count for each of "
        f"{settings.counting.value}.",
    )


def _show(
    console: Console,
    settings: ShareSettings,
    rows: Sequence[Share],
    told: Sequence[str],
    tasks: Sequence[LabelTask],
    n_sentences: int,
    seconds: float,
) -> None:
    output = Console()
    output.print(closing_table(rows, settings.estimator))
    for line in told:
        output.print(f"- {line}", markup=False, highlight=False, soft_wrap=True)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"{n_sentences:,} sentences in {seconds:.0f} s, {megabytes:,.0f} MiB of memory at most",
        highlight=False,
    )
    output.print(
        f"page   {settings.output / INDEX}\ntables {settings.output}/shares.csv, changes.csv, "
        f"sensitivity.csv (and .parquet)",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    if tasks:
        output.print(
            f"next   label the {len(tasks)} sentences of {settings.output / 'tasks.jsonl'}, add "
            "them to gold, and run this again",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
