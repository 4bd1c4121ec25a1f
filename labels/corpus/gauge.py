"""The gauge of realism: the corpus beside real news, kept figures of the latter, bounds of both."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labels.corpus.read import Corpus, Piece, Problem, Record, by_language
from labels.corpus.realism import (
    Figure,
    figure_names,
    measure_realism,
    places_of,
    without_names,
)
from labels.corpus.reference import RealNews
from labels.corpus.settings import CorpusSettings
from labels.languages import LANGUAGES
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import write_json
from labels.pipeline.settings import to_json
from labels.targets import Matcher

if TYPE_CHECKING:
    from labels.corpus.discriminator import Separation, Side

Figures = Mapping[str, Mapping[str, Figure]]  # by language and name
WHOLE, NEWEST, REST = "whole corpus", "newest part", "as much of the rest"
_PARTS = (WHOLE, NEWEST, REST)
_EVERY = "all"  # languages, in the bounds
NONE = "-"


@dataclass(frozen=True)
class Kept:
    """What is kept of the last comparison with real news."""

    real: Figures
    apart: Mapping[str, Mapping[str, Mapping[str, float] | None]]  # by language and part


def gauge(
    pieces: Mapping[str, Sequence[Piece]],
    gold: Sequence[Record],
    matcher: Matcher,
    settings: CorpusSettings,
) -> dict[str, dict[str, Figure]]:
    """Measure the realism of every language of ours that has labelled sentences."""
    rows = by_language(gold)
    return {
        lang: measure_realism(
            lang,
            pieces[lang],
            [record.values for record in rows[lang]],
            matcher,
            sample=settings.gauge_articles,
            rng=np.random.default_rng(settings.seed),
        )
        for lang in LANGUAGES
        if lang in pieces and lang in rows
    }


def compare(
    corpus: Corpus, news: RealNews, matcher: Matcher, settings: CorpusSettings
) -> dict[str, list[str]]:
    """Measure real news and how well the corpus is told from it; keep the figures.

    Writes ``settings.gauge_figures``.

    Returns:
        By language the strings of letters that give the corpus away, the strongest first. They
        may be of real text, so they are shown and not kept.

    Raises:
        ConfigError: scikit-learn is not installed.
    """
    try:
        from labels.corpus.discriminator import Side, strongest
    except ModuleNotFoundError as error:
        raise ConfigError(f"reference: {error}; pip install --editable '.[dev]'") from error
    real = gauge(news.pieces, news.gold, matcher, settings)
    ours = corpus.pieces_by_language()
    apart, features = {}, {}
    places = places_of(matcher.targets)

    def side(pieces: Sequence[Piece]) -> Side:
        marked = [
            (text, piece.article_id)
            for piece in pieces
            for sentence in piece.sentences
            if (text := without_names(sentence, matcher, places)) is not None
        ]
        return Side([text for text, _ in marked], [article_id for _, article_id in marked])

    for lang in LANGUAGES:
        if lang not in ours or lang not in news.pieces:
            continue
        rng = np.random.default_rng(settings.seed)
        order = rng.permutation(len(news.pieces[lang]))[: settings.discriminator_articles]
        theirs = side([news.pieces[lang][number] for number in order])
        mine = side(ours[lang])
        apart[lang] = _separations(mine, theirs, settings)
        most, seed, count = settings.discriminator_sentences, settings.seed, settings.features
        features[lang] = strongest(mine, theirs, most, seed, count)
    kept = {
        lang: {"real": _rounded(real.get(lang, {})), "apart": apart.get(lang, {})}
        for lang in sorted(real.keys() | apart.keys())
    }
    write_json(settings.gauge_figures, {"languages": kept})
    return features


def _separations(
    mine: "Side", theirs: "Side", settings: CorpusSettings
) -> dict[str, dict[str, float] | None]:
    from labels.corpus.discriminator import separate

    most, seed = settings.discriminator_sentences, settings.seed
    is_new = [is_newest(article_id, settings) for article_id in mine.articles]
    newest = separate(mine[[i for i, new in enumerate(is_new) if new]], theirs, most, seed)
    # With fewer sentences to learn from, less is told apart: the rest gets no more than the new.
    rest = newest and separate(
        mine[[i for i, new in enumerate(is_new) if not new]], theirs, newest.sentences, seed
    )
    found = (separate(mine, theirs, most, seed), newest, rest)
    return {part: _kept_separation(one) for part, one in zip(_PARTS, found, strict=True)}


def is_newest(article_id: str, settings: CorpusSettings) -> bool:
    """Tell whether an article is of the part of the corpus that is told apart."""
    return any(fnmatchcase(article_id, pattern) for pattern in settings.newest)


def _kept_separation(found: "Separation | None") -> dict[str, float] | None:
    return {name: round(value, 4) for name, value in to_json(found).items()} if found else None


def _rounded(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return {name: None if value is None else round(value, 4) for name, value in figures.items()}


def read_kept(path: Path) -> Kept:
    """Read the kept figures of real news.

    Raises:
        DataError: There are none.
    """
    try:
        languages = json.loads(path.read_text(encoding="utf-8"))["languages"]
        return Kept(
            {lang: values["real"] for lang, values in languages.items()},
            {lang: values["apart"] for lang, values in languages.items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: expected figures of real news: {error}") from error


def gauge_rows(
    langs: Sequence[str], ours: Figures, kept: Kept, matcher: Matcher
) -> list[list[str]]:
    """Return rows of the card's table: the corpus beside real news, two cells a language."""
    rows = []
    for name, form in figure_names(matcher.targets).items():
        cells = (
            _cell(side.get(lang, {}).get(name), form)
            for lang in langs
            for side in (ours, kept.real)
        )
        rows.append([name, *cells])
    for part in _PARTS:
        found = (kept.apart.get(lang, {}).get(part) for lang in langs)
        cells = (cell for one in found for cell in (_separation_cell(one), ""))
        rows.append([f"told from news, AUC: {part}", *cells])
    return rows


def out_of_bounds(ours: Figures, settings: CorpusSettings) -> Iterator[Problem]:
    """Yield a problem for every figure of the corpus outside its bounds."""
    for name, by_lang in settings.bounds.items():
        for lang, figures in ours.items():
            bounds = by_lang.get(lang, by_lang.get(_EVERY))
            value = figures.get(name)
            if name not in figures:
                yield Problem("bounds", f"expected one of {sorted(figures)}, got {name!r}")
                break
            if bounds is not None and value is not None and not bounds[0] <= value <= bounds[1]:
                expected = f"{bounds[0]:g} to {bounds[1]:g}"
                yield Problem(lang, f"{name}: expected {expected}, found {value:.4g}")


def _cell(value: Figure, form: str) -> str:
    return NONE if value is None else form.format(value)


def _separation_cell(found: Mapping[str, float] | None) -> str:
    if found is None:
        return NONE
    interval = f"{found['low']:.3f} to {found['high']:.3f}"
    return f"{found['auc']:.3f} ({interval}, n {found['sentences']:,.0f})"
