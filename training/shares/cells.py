"""Which sentences a figure is about: outlet, language, target, voice and time."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from labels.ingest.dates import SlashOrder, agreed_order, parse_date, shown_order
from labels.ingest.duplicates import Sketch, group_near_duplicates, sketch_of
from labels.ingest.settings import NearDuplicateSettings
from labels.pipeline.progress import Meter
from labels.pipeline.schema import POLAR_STANCES, STANCES, VOICES, Stance
from training.shares.corpus import NOT_ASKED, Answers, Corpus
from training.shares.estimators import Audited, Floats, Ids, Sample
from training.shares.settings import Among, Counting, Period

NO_OUTLET = "(no outlet named)"
_NONE = "none"  # no position: neutral, or not about the target after all
_LAST = "9999"  # sorts articles without a date behind the others

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cell:
    """What a figure is about; None is all of them together."""

    target: str
    lang: str
    outlet: str | None
    voice: str | None
    period: str | None

    @property
    def key(self) -> str:
        """A short name that is the same in every run: of a page of evidence, of a task."""
        parts = (self.target, self.lang, self.outlet, self.voice, self.period)
        text = "\0".join("\1" if part is None else part for part in parts)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Articles:
    """The articles of a corpus, one in each place: outlet, time, and what they repeat."""

    outlets: list[str]
    langs: list[str]
    days: list[str | None]
    periods: list[str | None]
    events: Ids  # articles that nearly repeat one another have the same one
    first_in_outlet: Flags  # of its event in the outlet and language
    first_of_all: Flags  # of its event in the language


def describe_articles(
    corpus: Corpus, period: Period, near: NearDuplicateSettings, shown: Meter
) -> Articles:
    """Read dates, group near-duplicates, and find the first article of each event.

    Near-duplicates are those of ``ingest_articles``, compared by the sentences of the articles.
    """
    infos = corpus.articles
    outlets = [info.outlet or NO_OUTLET for info in infos]
    orders: dict[str, set[SlashOrder]] = defaultdict(set)
    for outlet, info in zip(outlets, infos, strict=True):
        if order := shown_order(info.published):
            orders[outlet].add(order)
    days = [
        parse_date(info.published, agreed_order(orders[outlet]))
        for outlet, info in zip(outlets, infos, strict=True)
    ]
    events = _events(corpus, near, shown)
    first_in_outlet, first_of_all = _firsts(
        [(outlet, info.lang) for outlet, info in zip(outlets, infos, strict=True)], days, events
    )
    return Articles(
        outlets=outlets,
        langs=[info.lang for info in infos],
        days=days,
        periods=[period_of(day, period) if day else None for day in days],
        events=events,
        first_in_outlet=first_in_outlet,
        first_of_all=first_of_all,
    )


def period_of(day: str, period: Period) -> str:
    """Name the month or ISO week of a day ``YYYY-MM-DD``.

    >>> period_of("2024-12-30", Period.week)
    '2025-W01'
    """
    if period is Period.month:
        return day[:7]
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year:04}-W{week:02}"


def _events(corpus: Corpus, near: NearDuplicateSettings, shown: Meter) -> Ids:
    texts: dict[int, list[str]] = defaultdict(list)
    for place, article in enumerate(corpus.article_of.tolist()):
        texts[article].append(corpus.texts[place])

    def sketches() -> Iterator[tuple[str, Sketch]]:
        for article, parts in texts.items():
            shown.advance()
            # fixed width, so that the smallest name is that of the first article
            yield f"{article:012}", sketch_of("\n".join(parts), near)

    groups = group_near_duplicates(sketches(), near)
    return np.array([int(groups[f"{i:012}"]) for i in range(len(corpus.articles))], np.int64)


def _firsts(
    places: Sequence[tuple[str, str]], days: Sequence[str | None], events: Ids
) -> tuple[Flags, Flags]:
    in_outlet, of_all = np.zeros(len(events), np.bool_), np.zeros(len(events), np.bool_)
    seen: set[tuple[object, ...]] = set()
    for article in sorted(range(len(events)), key=lambda i: (days[i] or _LAST, i)):
        (outlet, lang), event = places[article], int(events[article])
        for flags, key in ((in_outlet, (outlet, lang, event)), (of_all, (lang, event))):
            if key not in seen:
                seen.add(key)
                flags[article] = True
    return in_outlet, of_all


@dataclass(frozen=True)
class View:
    """Which sentences count, and by which classes."""

    among: Among
    least_probability: float

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of shares; favor and against come first."""
        return (*POLAR_STANCES, _NONE) if self.among is Among.related else STANCES

    def of_stances(self, stances: NDArray[np.int8]) -> Ids:
        """Turn indices in STANCES into indices in `classes`."""
        return np.minimum(stances, len(self.classes) - 1).astype(np.int64)

    def scores(self, probabilities: Floats) -> Floats:
        """Turn probabilities of stances into those of `classes`."""
        kept = len(self.classes) - 1
        rest = probabilities[:, kept:].sum(1, keepdims=True)
        return np.hstack([probabilities[:, :kept], rest])

    def within(self, answers: Answers, voice: str | None) -> Flags:
        """Tell which sentences count; only what the model says decides, never gold."""
        inside: Flags = answers.labels != NOT_ASKED
        if self.among is Among.related:
            inside &= answers.labels != STANCES.index(Stance.unrelated)
        if voice is not None:
            inside &= answers.voices == VOICES.index(voice)
        if self.least_probability > 0:
            inside &= answers.probabilities.max(1) >= self.least_probability
        return inside

    def sample(self, answers: Answers, places: Ids, clusters: Ids) -> Sample:
        """Take some sentences as a sample."""
        scores = self.scores(answers.probabilities[places].astype(np.float64))
        return Sample(self.of_stances(answers.labels[places]), scores, clusters)

    def audited(self, answers: Answers, places: Ids, clusters: Ids, gold: Ids) -> Audited:
        """Take some audited sentences as a sample; ``gold`` has indices in STANCES."""
        found = self.sample(answers, places, clusters)
        right = self.of_stances(gold.astype(np.int8))
        return Audited(found.predicted, found.scores, found.clusters, right)


def places_by_cell(
    articles: Articles, article_of: Ids, inside: Flags, counting: Counting
) -> Iterator[tuple[tuple[str, str | None, str | None], Ids]]:
    """Give the sentences of each language, outlet and period that has any, and of them together.

    Yields:
        Language, outlet (None: all), period (None: the whole time, articles without a date too),
        and the places of the sentences.
    """
    by_event = counting is Counting.events
    for of_outlet in (True, False):
        first = articles.first_in_outlet if of_outlet else articles.first_of_all
        counted = first if by_event else np.ones_like(first)
        found: dict[tuple[str, str | None, str | None], list[int]] = defaultdict(list)
        for place in np.flatnonzero(inside & counted[article_of]).tolist():
            article = int(article_of[place])
            outlet = articles.outlets[article] if of_outlet else None
            lang, period = articles.langs[article], articles.periods[article]
            found[lang, outlet, None].append(place)
            if period is not None:
                found[lang, outlet, period].append(place)
        for key in sorted(found, key=lambda key: (key[0], key[1] or "", key[2] or "")):
            yield key, np.array(found[key], np.int64)
