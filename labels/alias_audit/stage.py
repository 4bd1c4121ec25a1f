"""The stage ``audit_aliases``: sentences to judge out, judged ones in, figures out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from labels.alias_audit.draw import draw_sentences, left_out
from labels.alias_audit.figures import Judgement, measure
from labels.alias_audit.page import HEADINGS, cells, page
from labels.alias_audit.read import mentions_now, read_judged
from labels.alias_audit.records import AliasAudit, AliasError
from labels.alias_audit.settings import AuditSettings
from labels.languages import LANGUAGES
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.tables import Row
from labels.targets import Matcher, Mention
from labels.targets.read import load_targets


def audit_aliases(settings: AuditSettings) -> None:
    """Draw sentences to judge, and measure on judged ones how well targets are found.

    Writes into ``settings.output``: ``to_judge.jsonl``, what was drawn, where ``draw`` is more
    than 0; where there are judged sentences ``aliases.json``, the figures, ``aliases.md``, the same
    as a table, and ``errors.jsonl``, every error with its text.

    Raises:
        ConfigError: A target is unknown or wrong.
        DataError: A table or file cannot be read, or judged sentences do not stand in the table.
    """
    targets = load_targets(settings.target_folder, settings.targets)
    judged = read_judged(settings.judged, settings.targets)
    console = Console(stderr=True)
    if settings.draw:
        without = left_out(settings.leave_out, [{**one} for one in judged])
        drawn = draw_sentences(
            settings.sentences,
            settings.mentions,
            settings.draw,
            without,
            np.random.default_rng(settings.seed),
        )
        path = settings.output / "to_judge.jsonl"
        _write_lines(path, drawn)
        console.print(f"{len(drawn)} sentences to judge: {path}", highlight=False, markup=False)
    if judged:
        judgements: list[Judgement] = []
        errors: list[AliasError] = []
        matcher = Matcher(targets)
        for one, row, mentions in mentions_now(
            judged, settings.sentences, settings.articles, matcher
        ):
            found = frozenset(mention.target for mention in mentions)
            judgements.append(Judgement(one, found))
            errors += _errors(row, set(one["named"]), found, mentions)
        report = AliasAudit(
            judged=len(judgements), figures=measure(judgements, settings.targets, LANGUAGES)
        )
        write_json(settings.output / "aliases.json", report)
        with atomic_path(settings.output / "aliases.md") as temporary:
            temporary.write_text(page(report["figures"]), encoding="utf-8")
        _write_lines(settings.output / "errors.jsonl", errors)
        _show(report, console)


def _errors(
    row: Row, named: set[str], found: frozenset[str], mentions: list[Mention]
) -> Iterator[AliasError]:
    for target in sorted(named ^ found):
        yield AliasError(
            sentence_id=row["sentence_id"],
            lang=row["lang"],
            target=target,
            kind="wrong" if target in found else "missed",
            names=[row["text"][one.start : one.end] for one in mentions if one.target == target],
            text=row["text"],
        )


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with atomic_path(path) as temporary:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        temporary.write_text("".join(lines), encoding="utf-8")


def _show(report: AliasAudit, console: Console) -> None:
    title = f"audit_aliases: {report['judged']} judged sentences"
    table = Table(title=title, box=SIMPLE_HEAD, padding=0, show_edge=False)
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if number < 2 else "right", overflow="fold")
    for found in report["figures"]:
        table.add_row(*cells(found))
    console.print(table)
