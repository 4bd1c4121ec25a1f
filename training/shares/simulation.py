"""How often the intervals of each estimator hold the truth, where the truth is known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
from rich.console import Console
from rich.table import Table

from labels.pipeline.files import atomic_folder
from labels.pipeline.markdown import markdown_table
from labels.pipeline.progress import Meter, meter
from training.shares import estimators
from training.shares.estimators import Audited, Estimate, Floats, Ids, Sample
from training.shares.settings import SimulationSettings
from training.shares.tables import write_rows

CLASSES = ("favor", "against", "none")
CHANGE = "change"  # the posterior of the difference of two cells
_POLAR = (0, 1)  # classes that are told of; the third is what is left
_MOST_TRIES = 100  # for a gold sample with enough of each class


@dataclass(frozen=True)
class Case:
    """What the cell and the gold sample are like; shares are of `CLASSES`."""

    name: str
    cell: tuple[float, float, float]
    gold: tuple[float, float, float]
    harder: float = 0.0  # share of the right answers that the classifier loses in the cell


# What holds: gold like the cell; other shares; a rare class; and, last, error rates that differ.
CASES = (
    Case("gold like the cell", (0.30, 0.20, 0.50), (0.30, 0.20, 0.50)),
    Case("other shares", (0.10, 0.40, 0.50), (0.40, 0.10, 0.50)),
    Case("a rare class", (0.10, 0.02, 0.88), (0.30, 0.10, 0.60)),
    Case("other error rates", (0.10, 0.40, 0.50), (0.40, 0.10, 0.50), harder=0.2),
)


class Coverage(TypedDict):
    """A row of ``coverage.csv``."""

    case: str
    estimator: str
    stance: str
    cell_sentences: int
    gold_sentences: int
    replicates: int
    unanswered: int  # replicates without an estimate, counted as misses
    coverage: float  # of the 95% intervals
    width: float  # of them, on average
    bias: float  # of the estimates, on average


def simulate_shares(settings: SimulationSettings) -> None:
    """Draw cells and gold samples with known shares, and count which intervals hold them.

    Articles differ in their shares and in how well the classifier does on them, so sentences and
    errors come in clusters, in the cell as in the gold sample.
    """
    console = Console(stderr=True)
    grid = [
        (number, case, n_cell, n_gold)
        for number, case in enumerate(CASES)
        for n_cell in settings.cell_sentences
        for n_gold in settings.gold_sentences
    ]
    rows: list[Coverage] = []
    with meter(console, "simulating", "samples", len(grid) * settings.replicates) as shown:
        for number, case, n_cell, n_gold in grid:
            # of its own, so that other sizes beside it do not change what is drawn
            rng = np.random.default_rng([settings.seed, number, n_cell, n_gold])
            rows += simulate_case(settings, case, n_cell, n_gold, rng, shown)
    with atomic_folder(settings.output) as folder:
        write_rows(folder, "coverage", Coverage, rows)
        (folder / "coverage.md").write_text(page_text(rows), encoding="utf-8")
    _show(rows, settings.output)


def simulate_case(
    settings: SimulationSettings,
    case: Case,
    n_cell: int,
    n_gold: int,
    rng: np.random.Generator,
    shown: Meter,
) -> list[Coverage]:
    """Let every estimator answer for replicates of one case; see `simulate_shares`."""
    rates = np.array(settings.error_rates)
    in_cell = rates * (1 - case.harder) + case.harder * np.roll(np.eye(3), 1, axis=1)
    truth = np.array(case.cell)
    found: dict[str, list[Estimate | None]] = {}
    for _ in range(settings.replicates):
        cell = _draw_rows(n_cell, truth, in_cell, settings.cell_article, settings, rng)
        second = _draw_rows(n_cell, truth, in_cell, settings.cell_article, settings, rng)
        audited = _draw_gold(n_gold, np.array(case.gold), rates, settings, rng)
        for name, estimate in _answers(cell, second, audited, settings.draws, rng):
            found.setdefault(name, []).append(estimate)
        shown.advance()
    return [
        _coverage(case, name, i, n_cell, n_gold, answers, 0.0 if name == CHANGE else truth[i])
        for name, answers in found.items()
        for i in _POLAR
    ]


def _answers(
    cell: Audited, second: Audited, audited: Audited, n_draws: int, rng: np.random.Generator
) -> Iterator[tuple[str, Estimate | None]]:
    counts, confusion = _counts(cell), estimators.effective_confusion(audited)
    yield "naive", estimators.naive(cell)
    yield "adjusted", estimators.adjusted(cell, audited)
    yield "ppi", estimators.prediction_powered(cell, audited)
    yield "posterior", estimators.posterior(counts, confusion, rng, n_draws)
    draws = estimators.draw_shares((counts, _counts(second)), confusion, rng, n_draws)
    if draws is None:
        yield CHANGE, None
        return
    gaps = draws.shares[1] - draws.shares[0]
    low, high = estimators.quantiles(gaps, draws.weights, (0.025, 0.975))
    yield CHANGE, Estimate(draws.weights @ gaps, low, high)


def _counts(cell: Sample) -> Floats:
    labels = estimators.one_hot(cell.predicted, len(CLASSES))
    strata = np.zeros(len(labels), np.int64)
    correlation = estimators.correlation_within(labels, cell.clusters, strata)
    return estimators.effective_counts(cell, correlation)


def _coverage(
    case: Case,
    name: str,
    i: int,
    n_cell: int,
    n_gold: int,
    answers: Sequence[Estimate | None],
    truth: float,
) -> Coverage:
    told = [answer for answer in answers if answer is not None]

    def mean(value: Callable[[Estimate], float]) -> float:
        return round(float(np.mean([value(answer) for answer in told])), 4) if told else 0.0

    held = sum(bool(answer.low[i] <= truth <= answer.high[i]) for answer in told)
    return Coverage(
        case=case.name,
        estimator=name,
        stance=CLASSES[i],
        cell_sentences=n_cell,
        gold_sentences=n_gold,
        replicates=len(answers),
        unanswered=len(answers) - len(told),
        coverage=held / len(answers),
        width=mean(lambda answer: float(answer.high[i] - answer.low[i])),
        bias=mean(lambda answer: float(answer.shares[i] - truth)),
    )


def _draw_gold(
    n: int, shares: Floats, rates: Floats, settings: SimulationSettings, rng: np.random.Generator
) -> Audited:
    """Draw a gold sample with enough of each class, as chart_stance asks for."""
    for _ in range(_MOST_TRIES):
        audited = _draw_rows(n, shares, rates, settings.gold_article, settings, rng)
        if np.bincount(audited.gold, minlength=len(CLASSES)).min() >= settings.least_gold:
            break
    return audited


def _draw_rows(
    n: int,
    shares: Floats,
    rates: Floats,
    of_article: float,
    settings: SimulationSettings,
    rng: np.random.Generator,
) -> Audited:
    """Draw sentences in articles, their right classes, and what a classifier calls them.

    The shares of an article are a Dirichlet draw around those of the cell, its error rates one
    around those of the classifier.
    """
    sizes = 1 + rng.poisson(of_article - 1, size=n)
    articles = np.repeat(np.arange(n), sizes)[:n]
    n_articles = int(articles[-1]) + 1
    spread = shares * (1 / settings.alike - 1)
    gold = _choose(rng.dirichlet(spread, n_articles)[articles], rng)
    own = np.stack([rng.dirichlet(row * settings.evenness, n_articles) for row in rates], axis=1)
    predicted = _choose(own[articles, gold], rng)
    return Audited(predicted, estimators.one_hot(predicted, len(CLASSES)), articles, gold)


def _choose(shares: Floats, rng: np.random.Generator) -> Ids:
    """Draw a class for each row of shares."""
    above = shares.cumsum(1)[:, :-1] < rng.random((len(shares), 1))
    chosen: Ids = above.sum(1).astype(np.int64)
    return chosen


def summary_rows(rows: Sequence[Coverage]) -> list[list[str]]:
    """Sum up: a row for each case and estimator, over sizes and classes."""
    names = list(dict.fromkeys((row["case"], row["estimator"]) for row in rows))
    lines = []
    for case, name in names:
        of = [row for row in rows if (row["case"], row["estimator"]) == (case, name)]
        covered = np.array([row["coverage"] for row in of])
        inside = int(((covered >= 0.93) & (covered <= 0.97)).sum())
        lines.append(
            [
                f"{case}: {name}",
                f"{covered.mean():.3f}",
                f"{covered.min():.3f} to {covered.max():.3f}",
                f"{inside} of {len(of)}",
                f"{np.mean([row['width'] for row in of]):.3f}",
                f"{np.mean([abs(row['bias']) for row in of]):.3f}",
                str(sum(row["unanswered"] for row in of)),
            ]
        )
    return lines


HEADER = (
    "case and estimator",
    "coverage",
    "lowest to highest",
    "within 0.93 to 0.97",
    "width",
    "absolute bias",
    "unanswered",
)


def page_text(rows: Sequence[Coverage]) -> str:
    """Return the summary as Markdown."""
    return markdown_table(HEADER, summary_rows(rows)) + "\n"


def _show(rows: Sequence[Coverage], folder: Path) -> None:
    table = Table(title=f"Coverage of 95% intervals, {rows[0]['replicates']} replicates each")
    for name in HEADER:
        table.add_column(name, justify="left" if name == HEADER[0] else "right")
    for line in summary_rows(rows):
        table.add_row(*line)
    console = Console()
    console.print(table)
    console.print(
        f"tables {folder}/coverage.csv, coverage.md", highlight=False, markup=False, soft_wrap=True
    )
