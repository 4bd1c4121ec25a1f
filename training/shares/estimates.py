"""Estimate the shares of every cell, the changes between periods, and what more labels give."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import numpy as np

from labels.pipeline.progress import Meter
from labels.pipeline.schema import POLAR_STANCES, VOICES
from training.shares import estimators
from training.shares.audit import Audit
from training.shares.cells import Articles, Cell, Flags, View, places_by_cell
from training.shares.corpus import NOT_ASKED, Corpus
from training.shares.estimators import Audited, Estimate, Floats, Ids, Sample
from training.shares.labelling import labels_needed, narrowest_width
from training.shares.records import CellFields, Change, Share
from training.shares.settings import Counting, Estimator, ShareSettings

ALL_LANGUAGES = "all languages"
TOO_FEW = "too few to say"
NO_FIT = "the gold sample's error rates do not fit the cell"
_BY_ERROR_RATES = (Estimator.adjusted, Estimator.posterior)
_LEAST_P = 1e-4  # that so many draws can show


@dataclass(frozen=True)
class Scope:
    """A gold sample whose error rates are used for cells, or the reason why there is none."""

    name: str
    audited: Audited
    confusion: Floats  # as if of independent sentences
    reason: str | None


@dataclass(frozen=True)
class Found:
    """A cell, its sentences and what was estimated."""

    cell: Cell
    counting: Counting
    places: Ids  # of the sentences in the corpus
    articles: int
    sample: Sample  # its clusters are events
    counts: Floats  # of predicted classes, as if of independent sentences
    estimates: dict[Estimator, Estimate]
    scope: Scope | None
    reason: str | None  # why the estimator that was asked for has none


@dataclass
class Workbench:
    """Predictions, gold and settings, and the gold samples that were made of them."""

    corpus: Corpus
    articles: Articles
    audit: Audit | None
    settings: ShareSettings
    view: View
    _scopes: dict[tuple[str, str, str | None], Scope] = field(default_factory=dict)

    def cells(
        self, countings: Sequence[Counting], voices: Sequence[str | None], shown: Meter
    ) -> Iterator[Found]:
        """Estimate every cell of some voices (None: all together), in a fixed order."""
        for counting in countings:
            for target, answers in self.corpus.answers.items():
                for voice in voices:
                    inside = self.view.within(answers, voice)
                    yield from self._cells_of(counting, target, voice, inside, shown)

    def _cells_of(
        self, counting: Counting, target: str, voice: str | None, inside: Flags, shown: Meter
    ) -> Iterator[Found]:
        found = list(places_by_cell(self.articles, self.corpus.article_of, inside, counting))
        # How alike the answers of an article are is learned from all cells of a kind, as one cell
        # says too little of it; sentences of all outlets or of the whole time differ more.
        kinds: dict[tuple[str, bool, bool], list[Ids]] = defaultdict(list)
        for (lang, outlet, period), places in found:
            kinds[lang, outlet is None, period is None].append(places)
        alike = {kind: self._alike(target, cells) for kind, cells in kinds.items()}
        for (lang, outlet, period), places in found:
            cell = Cell(target, lang, outlet, voice, period)
            correlation = alike[lang, outlet is None, period is None]
            yield self._estimate(cell, counting, places, correlation)
            shown.advance()

    def _sample(self, target: str, places: Ids) -> Sample:
        events = self.articles.events[self.corpus.article_of[places]]
        return self.view.sample(self.corpus.answers[target], places, events)

    def _alike(self, target: str, cells: Sequence[Ids]) -> float:
        """Estimate how alike the answers of an article are, within cells without an overlap."""
        strata = np.repeat(np.arange(len(cells)), [len(places) for places in cells])
        sample = self._sample(target, np.concatenate(cells))
        labels = estimators.one_hot(sample.predicted, sample.n_classes)
        return estimators.correlation_within(labels, sample.clusters, strata)

    def _estimate(self, cell: Cell, counting: Counting, places: Ids, alike: float) -> Found:
        sample = self._sample(cell.target, places)
        counts = estimators.effective_counts(sample, alike)
        n_articles = len(np.unique(self.corpus.article_of[places]))
        make = partial(Found, cell, counting, places, n_articles, sample, counts)
        counted = n_articles if counting is Counting.articles else sample.n_clusters
        if counted < self.settings.least_articles or sample.n_clusters < 2:
            return make({}, None, TOO_FEW)
        estimates = {Estimator.naive: estimators.naive(sample)}
        if self.audit is None:
            return make(estimates, None, None)
        scope = self.scope(cell.target, cell.lang, cell.voice)
        reason = scope.reason
        if reason is None:
            estimates[Estimator.adjusted] = estimators.adjusted(sample, scope.audited)
            estimates[Estimator.ppi] = estimators.prediction_powered(sample, scope.audited)
            rng, n_draws = self._rng(cell.key), self.settings.draws
            found = estimators.posterior(counts, scope.confusion, rng, n_draws)
            if found is not None:
                estimates[Estimator.posterior] = found
            reason = NO_FIT
        return make(estimates, scope, None if self.settings.estimator in estimates else reason)

    def _rng(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.settings.seed, int(name, 16)])

    def scope(self, target: str, lang: str, voice: str | None) -> Scope:
        """Choose the gold sample of a cell: of its language where that has enough of each class."""
        key = target, lang, voice
        if key not in self._scopes:
            own = self._gold(target, lang, voice)
            self._scopes[key] = own if own.reason is None else self._gold(target, None, voice)
        return self._scopes[key]

    def _gold(self, target: str, lang: str | None, voice: str | None) -> Scope:
        assert self.audit is not None  # who asks has looked
        answers, places = self.audit.corpus.answers[target], self.audit.places
        gold = self.audit.gold[target]
        kept = self.view.within(answers, voice)[places] & (gold != NOT_ASKED)
        if lang is not None:
            infos, of = self.audit.corpus.articles, self.audit.corpus.article_of[places]
            kept &= np.array([infos[article].lang == lang for article in of], np.bool_)
        audited = self.view.audited(answers, places[kept], self.audit.clusters[kept], gold[kept])
        counts = np.bincount(audited.gold, minlength=audited.n_classes)
        few = [
            f"{count} of {name}"
            for name, count in zip(self.view.classes, counts, strict=True)
            if count < self.settings.least_gold
        ]
        reason = f"gold: {', '.join(few)}, expected {self.settings.least_gold}" if few else None
        confusion = estimators.effective_confusion(audited)
        return Scope(lang or ALL_LANGUAGES, audited, confusion, reason)

    def changes(self, found: Sequence[Found]) -> list[Change]:
        """Compare the estimated periods of each outlet, all voices together, in order of time.

        Args:
            found: Of one counting; p-values are adjusted for the number of all its comparisons.

        Returns:
            No rows without gold: only the posterior knows that both have the same error rates.
        """
        rows: list[Change] = []
        before: dict[tuple[str, str, str | None], Found] = {}
        for one in found:
            cell = one.cell
            if cell.voice is not None or cell.period is None:
                continue
            if Estimator.posterior not in one.estimates:
                continue
            key = cell.target, cell.lang, cell.outlet
            if key in before:
                rows += self._change(before[key], one)
            before[key] = one
        for row, p in zip(rows, _holm([row["p"] for row in rows]), strict=True):
            row["p_adjusted"] = p
            if p < 1 - estimators.LEVEL:
                row["verdict"] = "rose" if row["difference"] > 0 else "fell"
        return rows

    def _change(self, first: Found, second: Found) -> Iterator[Change]:
        assert first.scope is not None  # there is a posterior
        rng = self._rng(first.cell.key + second.cell.key)
        draws = estimators.draw_shares(
            (first.counts, second.counts), first.scope.confusion, rng, self.settings.draws
        )
        if draws is None or first.cell.period is None:
            return
        gaps = draws.shares[1] - draws.shares[0]
        lows, highs = estimators.quantiles(gaps, draws.weights, (0.025, 0.975))
        for i, stance in enumerate(POLAR_STANCES):
            above = float(draws.weights[gaps[:, i] > 0].sum())
            yield Change(
                **cell_fields(second),
                stance=stance,
                before=first.cell.period,
                difference=float(draws.weights @ gaps[:, i]),
                low=float(lows[i]),
                high=float(highs[i]),
                p=min(1.0, max(2 * min(above, 1 - above), _LEAST_P)),
                p_adjusted=1.0,
                verdict="cannot say",
            )

    def rows(self, found: Found) -> list[Share]:
        """Make the rows of a cell, one for each class."""
        wanted = self.settings.estimator
        estimate = None if found.reason else found.estimates.get(wanted)
        scope = found.scope if found.scope and found.scope.reason is None else None
        rows = []
        for i, stance in enumerate(self.view.classes):
            of_all: dict[str, float | None] = {}
            for kind in Estimator:
                of_all |= _numbers(kind.value, found.estimates.get(kind), i)
            needed = narrowest = None
            if estimate is not None and scope is not None and wanted in _BY_ERROR_RATES:
                width = float(estimate.high[i] - estimate.low[i])
                limits = (found.counts, scope.confusion, i, width)
                narrowest = narrowest_width(*limits)
                needed = labels_needed(*limits, self.settings.width)
            row = {
                **cell_fields(found),
                "stance": stance,
                "articles": found.articles,
                "events": found.sample.n_clusters,
                "sentences": len(found.places),
                "called": int((found.sample.predicted == i).sum()),
                "share": _number(estimate.shares[i]) if estimate else None,
                "low": _number(estimate.low[i]) if estimate else None,
                "high": _number(estimate.high[i]) if estimate else None,
                **of_all,
                "gold_scope": scope.name if scope else None,
                "gold_sentences": len(scope.audited.gold) if scope else None,
                "gold_of_class": int((scope.audited.gold == i).sum()) if scope else None,
                "labels_needed": needed,
                "narrowest": narrowest,
                "reason": found.reason,
            }
            rows.append(cast(Share, row))  # of_all has the names of the estimators
        return rows


def all_voices(workbench: Workbench) -> list[str | None]:
    """List the voices that cells have: all together, then each that the model tells apart."""
    told = any((answers.voices != NOT_ASKED).any() for answers in workbench.corpus.answers.values())
    return [None, *(VOICES if told else ())]


def cell_fields(found: Found) -> CellFields:
    """Return the fields of a row that say what it is about."""
    cell = found.cell
    return CellFields(
        cell=cell.key,
        counting=found.counting.value,
        target=cell.target,
        lang=cell.lang,
        outlet=cell.outlet,
        voice=cell.voice,
        period=cell.period,
    )


def _numbers(name: str, estimate: Estimate | None, i: int) -> dict[str, float | None]:
    parts = (
        (None, None, None) if estimate is None else (estimate.shares, estimate.low, estimate.high)
    )
    return {
        key: None if part is None else _number(part[i])
        for key, part in zip((name, f"{name}_low", f"{name}_high"), parts, strict=True)
    }


def _number(value: float) -> float:
    return round(float(value), 6)


def _holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for their number (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, highest = [1.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, p_values[i] * (len(p_values) - rank)))
        adjusted[i] = highest
    return adjusted
