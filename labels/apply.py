"""Ask every labelling function about every sentence: the matrix of votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labels.functions import KIND_OF, SENTIMENT_FUNCTIONS, STANCE_FUNCTIONS
from labels.functions.evidence import Evidence, gather
from labels.label_model.votes import ABSTAIN, NOT_ASKED, VoteMatrix
from labels.languages import LANGUAGES
from labels.schema import SENTIMENTS, STANCES, Sentence, SentenceKind
from labels.targets import Matcher

_STANCE_NUMBER = {name: number for number, name in enumerate(STANCES)}
_SENTIMENT_NUMBER = {name: number for number, name in enumerate(SENTIMENTS)}
_GROUP = {lang: number for number, lang in enumerate(LANGUAGES)}
_ALWAYS_ASKED = "not_named"
_NEIGHBOURS = 40  # sentences before and after that may settle an ambiguous name


@dataclass(frozen=True)
class Votes:
    """Votes on all sentences; item ``i * targets + j`` of ``stances``: sentence i, target j."""

    targets: tuple[str, ...]
    stances: VoteMatrix
    sentiments: VoteMatrix


def apply_functions(
    articles: Sequence[Sequence[Sentence]],
    dateline_ends: Mapping[str, int],
    matcher: Matcher,
    stance_functions: Sequence[str],
    sentiment_functions: Sequence[str],
) -> Votes:
    """Ask the functions about all sentences, article by article.

    Args:
        articles: The sentences of each article, in reading order; the votes keep this order.
        dateline_ends: By sentence id, how many code points of it are a dateline.
        matcher: Finds the mentions.
        stance_functions: Names of the functions to ask, from `STANCE_FUNCTIONS`.
        sentiment_functions: The same for the sentiment.
    """
    targets = tuple(target.key for target in matcher.targets)
    stance_votes: list[list[int]] = []
    strata: list[int] = []
    groups: list[int] = []
    tone_votes: list[list[int]] = []
    sentence_groups: list[int] = []
    for sentences in articles:
        texts = [sentence.text for sentence in sentences]
        for position, sentence in enumerate(sentences):
            evidence = gather(
                sentence.text,
                sentence.lang,
                matcher,
                around=_around(texts, sentences, position),
                start=dateline_ends.get(sentence.sentence_id, 0),
            )
            group = _GROUP.get(sentence.lang, len(_GROUP))
            for number, target in enumerate(targets):
                named = target in evidence.mentions
                stance_votes.append(_ask(evidence, target, stance_functions, named))
                strata.append(2 * number + int(named))
                groups.append(group)
            tone_votes.append(_ask_tone(evidence, sentiment_functions))
            sentence_groups.append(group)
    return Votes(
        targets=targets,
        stances=_matrix(stance_votes, groups, strata, len(STANCES), stance_functions),
        sentiments=_matrix(
            tone_votes, sentence_groups, [0] * len(tone_votes), len(SENTIMENTS), sentiment_functions
        ),
    )


def _around(texts: Sequence[str], sentences: Sequence[Sentence], position: int) -> list[str]:
    """Give an article's other sentences: back to its beginning, its title, then onwards."""
    before = list(reversed(texts[max(0, position - _NEIGHBOURS) : position]))
    has_title = position and sentences[0].kind is SentenceKind.title
    title = [texts[0]] if has_title else []
    return [*before, *title, *texts[position + 1 : position + 1 + _NEIGHBOURS]]


def _ask(evidence: Evidence, target: str, names: Sequence[str], named: bool) -> list[int]:
    row: list[int] = []
    for name in names:
        if name == _ALWAYS_ASKED or (named and _applies(evidence, target, name)):
            vote = STANCE_FUNCTIONS[name](evidence, target)
            row.append(ABSTAIN if vote is None else _STANCE_NUMBER[vote])
        else:
            row.append(NOT_ASKED)
    return row


def _applies(evidence: Evidence, target: str, name: str) -> bool:
    """Tell whether a function is for this kind of target and knows the language."""
    kind = evidence.kinds[target]
    return evidence.known and KIND_OF.get(name, kind) is kind


def _ask_tone(evidence: Evidence, names: Sequence[str]) -> list[int]:
    if not evidence.known:
        return [NOT_ASKED] * len(names)
    votes = (SENTIMENT_FUNCTIONS[name](evidence) for name in names)
    return [ABSTAIN if vote is None else _SENTIMENT_NUMBER[vote] for vote in votes]


def _matrix(
    rows: Sequence[Sequence[int]],
    groups: Sequence[int],
    strata: Sequence[int],
    n_classes: int,
    functions: Sequence[str],
) -> VoteMatrix:
    return VoteMatrix(
        votes=np.array(rows, dtype=np.int8).reshape(len(rows), len(functions)),
        groups=np.array(groups, dtype=np.int64),
        strata=np.array(strata, dtype=np.int64),
        n_classes=n_classes,
        functions=tuple(functions),
    )
