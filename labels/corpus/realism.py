"""A gauge of realism: figures in which invented text and news differ, told of both alike."""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from labels.corpus.read import Piece
from labels.languages import load
from labels.languages.morphology import tokens
from labels.languages.phrases import PhraseIndex
from labels.languages.profile import profile_of
from labels.letters import normalize
from labels.pipeline.schema import AUTHOR, POLAR_STANCES, Stance, TargetKind
from labels.targets import Matcher, Target
from labels.targets.terms import without_terms

Figure = float | None  # None where there is nothing to count
Row = Mapping[str, Any]  # a labelled sentence

LONG_POLAR = 30  # words: more make a polar sentence a long one
LONG = 35  # words: more make any sentence a long one
WHOLE = 5  # sentences of a whole article: fewer are a headline, a post or an excerpt
NAME_SENTENCES = 2_000  # in which names are counted: more would show more of them again
_LEXICON = "realism"
_NAMED = "▪"  # stands for the name of a target
_WORD = re.compile(r"\w+")
_QUOTES = re.compile(r"[\"“”„«»]")
_UPPER = "[A-ZÀ-ÖØ-ÞĆČĞİŚŞŠŻŽА-ЯЁ]"
_NAME = re.compile(rf"(?<=\w ){_UPPER}[\w’'-]+ {_UPPER}[\w’'-]+")


def figure_names(targets: Sequence[Target]) -> dict[str, str]:
    """Give each figure of the gauge how it is shown: its form for `str.format`."""
    share = "{:.1%}"
    return {
        **{f"polar among mentions of {target.key}": share for target in targets},
        **{f"{target.key} named but unrelated": share for target in _proposals(targets)},
        f"polar sentences over {LONG_POLAR} words": share,
        f"gold sentences over {LONG} words": share,
        "gold sentences that name a leader": share,
        "polar stances of a leader": share,
        "sentences that go on": share,
        "sentences that cite a source": share,
        "sentences with quotation marks": share,
        "sentences with a contraction": share,
        "words of a whole article, 10%": "{:,.0f}",
        "words of a whole article, median": "{:,.0f}",
        "words of a whole article, 90%": "{:,.0f}",
        "articles for and against a target": share,
        "articles that name all targets": share,
        "names that occur once": share,
    }


def measure_realism(
    lang: str,
    pieces: Sequence[Piece],
    gold: Sequence[Row],
    matcher: Matcher,
    *,
    sample: int,
    rng: np.random.Generator,
) -> dict[str, Figure]:
    """Measure the realism of the text and labels of one language.

    Args:
        lang: Language code.
        pieces: All articles.
        gold: Labelled sentences with ``text``, their stances, ``holder`` and ``article_id``; a
            holder is a mapping by target, one text for the sentence, or missing.
        matcher: Finds the targets.
        sample: How many articles are searched for names, at most, which takes long.
        rng: Draws them.

    Returns:
        The figures of `figure_names`; shares lie in [0, 1].
    """
    targets = matcher.targets
    texts = [text for piece in pieces for text in piece.sentences]
    polar = [row for row in gold if _polar(row, targets)]
    return {
        **polar_shares(gold, targets),
        **unrelated_shares(gold, targets),
        f"polar sentences over {LONG_POLAR} words": _share(_longer(polar, LONG_POLAR)),
        f"gold sentences over {LONG} words": _share(_longer(gold, LONG)),
        "gold sentences that name a leader": _share(map(phrases(lang, "leaders"), _texts(gold))),
        "polar stances of a leader": leader_share(polar, targets, lang),
        "sentences that go on": _share(map(phrases(lang, "continuation"), texts)),
        "sentences that cite a source": _share(map(phrases(lang, "sources"), texts)),
        "sentences with quotation marks": _share(map(_has_quotes, texts)),
        "sentences with a contraction": contraction_share(texts, lang),
        **_lengths(pieces),
        "articles for and against a target": both_sides_share(gold, targets),
        "articles that name all targets": all_targets_share(pieces, matcher, sample, rng),
        "names that occur once": names_once_share(_drawn_texts(pieces, rng), lang),
    }


def polar_shares(gold: Sequence[Row], targets: Sequence[Target]) -> dict[str, Figure]:
    """Return the share of polar stances among those that concern a target, by target."""
    return {
        f"polar among mentions of {target.key}": _share(
            row[target.key] in POLAR_STANCES
            for row in gold
            if row[target.key] != Stance.unrelated.value
        )
        for target in targets
    }


def unrelated_shares(gold: Sequence[Row], targets: Sequence[Target]) -> dict[str, Figure]:
    """Return, for each proposal, how often it is called by its name and not meant.

    A ceasefire is called the same everywhere, so this is the share of sentences with a word for it
    whose label is *unrelated*.
    """
    shares = {}
    for target in _proposals(targets):
        groups = {"alias": target.aliases, "ambiguous": target.ambiguous}
        names = PhraseIndex({label: without_terms(written) for label, written in groups.items()})
        shares[f"{target.key} named but unrelated"] = _share(
            row[target.key] == Stance.unrelated.value
            for row in gold
            if names.find(tokens(str(row["text"])))
        )
    return shares


def leader_share(polar: Sequence[Row], targets: Sequence[Target], lang: str) -> Figure:
    """Return the share of holders with a leader's title or a known leader's name.

    Holders are told by target, or once for the sentence; the author is one of them.
    """
    is_leader = phrases(lang, "titles", "leaders")
    holders: list[str] = []
    for row in polar:
        given = row.get("holder")
        if isinstance(given, Mapping):
            holders += [str(given[key]) for key in _polar(row, targets) if given.get(key)]
        elif given:
            holders.append(str(given))
    return _share(holder != AUTHOR and is_leader(holder) for holder in holders)


def contraction_share(texts: Sequence[str], lang: str) -> Figure:
    """Return the share of sentences with a contraction; None where a language has none."""
    written = load(lang, _LEXICON).get("contractions")
    if not written:
        return None
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, written))})(?!\w)")
    return _share(bool(pattern.search(_plain(text))) for text in texts)


def both_sides_share(gold: Sequence[Row], targets: Sequence[Target]) -> Figure:
    """Return the share of articles with *favor* and *against* for one target.

    Articles with fewer than five labelled sentences are left out.
    """
    articles: defaultdict[str, list[Row]] = defaultdict(list)
    for row in gold:
        articles[str(row.get("article_id"))].append(row)
    return _share(
        any({row[target.key] for row in rows}.issuperset(POLAR_STANCES) for target in targets)
        for rows in articles.values()
        if len(rows) >= WHOLE
    )


def all_targets_share(
    pieces: Sequence[Piece], matcher: Matcher, sample: int, rng: np.random.Generator
) -> Figure:
    """Return the share of articles that name every target, among ``sample`` whole ones drawn."""
    whole = [piece for piece in pieces if len(piece.sentences) >= WHOLE]
    drawn = (whole[number] for number in rng.permutation(len(whole))[:sample])
    return _share(len(targets_named(piece, matcher)) == len(matcher.targets) for piece in drawn)


def names_once_share(texts: Iterable[str], lang: str) -> Figure:
    """Return the share of two-word names that occur once, among all that occur.

    A name is two words with capitals that do not begin a sentence; None where a script has none.
    """
    if profile_of(lang).script == "arabic":
        return None
    counts = Counter(name for text in texts for name in _NAME.findall(normalize(text)))
    return _share(count == 1 for count in counts.values())


@cache
def phrases(lang: str, *lists: str) -> Callable[[str], bool]:
    """Compile lists of ``labels/languages/<lang>/realism.yaml``: tell whether a text has one."""
    written = [str(phrase) for name in lists for phrase in load(lang, _LEXICON)[name]]
    starts = [_form(phrase[1:]) for phrase in written if phrase.startswith("^")]
    anywhere = [_form(phrase) for phrase in written if not phrase.startswith("^")]
    forms = [rf"(?<!\w)(?:{'|'.join(anywhere)})(?!\w)"] if anywhere else []
    forms += [rf"^\W*(?:{'|'.join(starts)})(?!\w)"] if starts else []
    pattern = re.compile("|".join(forms))
    return lambda text: bool(pattern.search(_plain(text)))


def _form(phrase: str) -> str:
    return re.escape(_plain(phrase)).replace(r"\*", r"\w*")


def _plain(text: str) -> str:
    return normalize(text).casefold().replace("’", "'")


def _has_quotes(text: str) -> bool:
    return bool(_QUOTES.search(text))


def _polar(row: Row, targets: Sequence[Target]) -> list[str]:
    return [target.key for target in targets if row[target.key] in POLAR_STANCES]


def _proposals(targets: Sequence[Target]) -> list[Target]:
    return [target for target in targets if target.kind is TargetKind.proposal]


def _texts(rows: Sequence[Row]) -> Iterable[str]:
    return (str(row["text"]) for row in rows)


def _longer(rows: Sequence[Row], words: int) -> Iterable[bool]:
    return (len(_WORD.findall(text)) > words for text in _texts(rows))


def _lengths(pieces: Sequence[Piece]) -> dict[str, Figure]:
    lengths = [
        sum(len(_WORD.findall(text)) for text in piece.sentences)
        for piece in pieces
        if len(piece.sentences) >= WHOLE
    ]
    low, middle, high = None, None, None
    if len(lengths) > 1:
        deciles = statistics.quantiles(lengths, n=10)
        low, middle, high = deciles[0], deciles[4], deciles[8]
    return {
        "words of a whole article, 10%": low,
        "words of a whole article, median": middle,
        "words of a whole article, 90%": high,
    }


def _drawn_texts(pieces: Sequence[Piece], rng: np.random.Generator) -> Iterable[str]:
    order = rng.permutation(len(pieces))
    return islice((text for i in order for text in pieces[i].sentences), NAME_SENTENCES)


def targets_named(piece: Piece, matcher: Matcher) -> set[str]:
    """List the targets that the sentences of an article name, each read alone."""
    return {key for text in piece.sentences for key in matcher.find(tokens(text))}


def without_names(text: str, matcher: Matcher, places: PhraseIndex) -> str | None:
    """Put a mark in the place of every name of a target; None where the text names none.

    So that what a text is about does not tell invented text from news. What `places_of` finds is
    marked, too.
    """
    words = tokens(text)
    names = [hit for hits in matcher.find(words).values() for hit in hits]
    if not names:
        return None
    spans = [hit.span(words) for hit in (*names, *places.find(words))]
    kept, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            kept += [text[end:start], _NAMED]
        end = max(end, stop)
    return "".join([*kept, text[end:]])


def places_of(targets: Sequence[Target]) -> PhraseIndex:
    """Index the words that say which ceasefire is meant: places and parties."""
    proposals = [target.context for target in _proposals(targets) if target.context is not None]
    return PhraseIndex({f"near {number}": one.near for number, one in enumerate(proposals)})


def _share(claims: Iterable[bool]) -> Figure:
    told = list(claims)
    return sum(told) / len(told) if told else None
