"""From the predictions of a model to its temperatures, and to what it may leave unanswered."""

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.model_selection import GroupKFold

from labels.metrics.calibration import bins_of, calibration_error, risk_by_coverage
from labels.metrics.calibration_file import (
    FILE,
    Abstained,
    Calibration,
    Gap,
    Ranking,
    Threshold,
    least_confidence,
)
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.schema import SCHEMES, SENTIMENT, SENTIMENT_TASK, STANCE, Scheme
from labels.pipeline.tables import Row, read_table
from training.calibrate.abstention import SHARES, thresholds_of
from training.calibrate.answers import Answers, Judged
from training.calibrate.settings import CalibrateSettings
from training.calibrate.temperature import cross_scaled, fit_temperatures, unscaled
from training.pictures.figures import draw_reliability

RISKS = (0.05, 0.1, 0.2)  # that abstaining is checked at
ALL = "all"  # in the place of a language


def calibrate_model(settings: CalibrateSettings) -> None:
    """Fit temperatures and thresholds on predictions, and measure both on other articles.

    Writes ``calibration.json``, ``reliability.csv`` and ``reliability.svg``.

    Raises:
        DataError: The split was not scored, or has fewer articles than there are folds.
    """
    console = Console(stderr=True)
    rows = [
        row
        for row in read_table(settings.predictions, "predictions")
        if row["split"] == settings.split
    ]
    n_groups = len({row["group_id"] for row in rows})
    if n_groups < settings.folds:
        raise DataError(
            f"{settings.predictions}: expected predictions of {settings.split} for at least "
            f"{settings.folds} articles, found {n_groups}; score the split "
            f"(score_model scored=[{settings.split}]), give it more articles, or lower folds"
        )
    found = Calibration(
        split=settings.split.value,
        sentences=len({row["sentence_id"] for row in rows}),
        delta=settings.delta,
        temperatures={},
        thresholds={},
        gaps={},
        rankings={},
        abstained={},
    )
    judged: dict[str, tuple[Judged, Judged]] = {}
    for scheme in SCHEMES:
        answers = Answers.of([row for row in rows if _scheme_of(row) == scheme], scheme)
        if len(set(answers.groups.tolist())) >= settings.folds:
            judged[scheme.name] = _calibrate(scheme, answers, settings, found)
    write_json(settings.output / FILE, found)
    _write_bins(settings.output / "reliability.csv", judged)
    picture = settings.output / "reliability.svg"
    draw_reliability(
        picture,
        {
            name: (
                bins_of(before.confidences, before.right),
                bins_of(after.confidences, after.right),
            )
            for name, (before, after) in judged.items()
        },
    )
    console.print(_gaps_table(found, settings.folds))
    console.print(_abstained_table(found))
    console.print(f"report: {settings.output / FILE}, {picture}", highlight=False, markup=False)


def _scheme_of(row: Row) -> Scheme:
    return SENTIMENT if row["task"] == SENTIMENT_TASK.key else STANCE


def _calibrate(
    scheme: Scheme, answers: Answers, settings: CalibrateSettings, found: Calibration
) -> tuple[Judged, Judged]:
    """Add what there is to say of one scheme; return its answers before and after."""
    before = Judged.of(unscaled(answers), answers.gold)
    probabilities = cross_scaled(answers, settings.least_rows, settings.folds)
    after = Judged.of(probabilities, answers.gold)
    found["temperatures"] |= fit_temperatures(answers, settings.least_rows)
    found["thresholds"][scheme.name] = _thresholds(scheme, after, settings.delta)
    found["gaps"][scheme.name] = {ALL: _gap(before, after)} | {
        lang: _gap(before[answers.langs == lang], after[answers.langs == lang])
        for lang in sorted(set(answers.langs.tolist()))
    }
    found["rankings"][scheme.name] = Ranking(
        before=risk_by_coverage(before.confidences, before.right, SHARES),
        after=risk_by_coverage(after.confidences, after.right, SHARES),
    )
    found["abstained"][scheme.name] = _abstained(scheme, answers, after, settings)
    return before, after


def _gap(before: Judged, after: Judged) -> Gap:
    return Gap(
        n=len(before.right),
        before=calibration_error(before.confidences, before.right),
        after=calibration_error(after.confidences, after.right),
    )


def _thresholds(scheme: Scheme, judged: Judged, delta: float) -> dict[str, list[Threshold]]:
    return {
        name: thresholds_of(judged[judged.labels == number], delta)
        for number, name in enumerate(scheme.classes)
    }


def _abstained(
    scheme: Scheme, answers: Answers, judged: Judged, settings: CalibrateSettings
) -> dict[str, list[Abstained]]:
    """Let each fold abstain by the thresholds of the others."""
    least = np.zeros((len(RISKS), len(answers)))
    for others, own in GroupKFold(settings.folds).split(answers.logits, groups=answers.groups):
        chosen = np.zeros(len(answers), dtype=bool)
        chosen[others] = True
        thresholds = _thresholds(scheme, judged[chosen], settings.delta)
        for place, risk in enumerate(RISKS):
            by_label = [least_confidence(thresholds[name], risk) for name in scheme.classes]
            least[place, own] = np.array(by_label)[judged.labels[own]]
    given = judged.confidences >= least  # (risks, n)
    found: dict[str, list[Abstained]] = {}
    for number, name in enumerate(scheme.classes):
        labelled = judged.labels == number
        found[name] = []
        for risk, kept in zip(RISKS, given & labelled, strict=True):
            found[name].append(
                Abstained(
                    asked=risk,
                    risk=1 - float(judged.right[kept].mean()) if kept.any() else None,
                    coverage=float(kept.sum() / max(1, labelled.sum())),
                )
            )
    return found


def _write_bins(path: Path, judged: dict[str, tuple[Judged, Judged]]) -> None:
    """Write the points of the reliability diagrams, which ``dvc plots`` draws."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write("scheme,when,confidence,accuracy,n\n")
        for name, both in judged.items():
            for when, one in zip(("before", "after"), both, strict=True):
                for found in bins_of(one.confidences, one.right):
                    file.write(
                        f"{name},{when},{found['confidence']:.6f},{found['accuracy']:.6f},"
                        f"{found['n']}\n"
                    )


def _gaps_table(found: Calibration, n_folds: int) -> Table:
    title = f"Expected calibration error on {found['split']}, by {n_folds} folds of articles"
    table = Table(title=title)
    for name in ("answers", "of", "n", "before", "after"):
        table.add_column(name, justify="left" if name in ("answers", "of") else "right")
    for scheme, gaps in found["gaps"].items():
        for lang, gap in gaps.items():
            values = (gap["before"], gap["after"])
            table.add_row(scheme, lang, str(gap["n"]), *map(_cell, values))
    return table


def _abstained_table(found: Calibration) -> Table:
    table = Table(title="Answers given (and wrong among them) when the risk asked for is ...")
    table.add_column("answer")
    for risk in RISKS:
        table.add_column(f"{risk:g}", justify="right")
    for scheme, by_label in found["abstained"].items():
        for label, cells in by_label.items():
            table.add_row(
                f"{scheme} {label}",
                *(f"{one['coverage']:.0%} ({_cell(one['risk'])})" for one in cells),
            )
    return table


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
