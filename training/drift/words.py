"""The words of articles, and those that one side has more often than the other."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from labels.letters import normalize
from training.drift.read import Text
from training.drift.records import TopicWord

PRIOR = 500.0  # words that the prior weighs, as in the source
_LEAST = 3  # new articles with a word
_WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(text: str) -> list[str]:
    """Cut a text into words, without numbers; case and ways to write a letter do not count."""
    return _WORD.findall(normalize(text).casefold())


def article_counts(texts: Sequence[Text]) -> Counter[str]:
    """Count in how many articles each word stands, so that a long article is no topic."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({word for line in text.lines for word in words_of(line.text)})
    return counts


def topic_words(
    new: Mapping[str, int], reference: Mapping[str, int], count: int
) -> list[TopicWord]:
    """List the words that new articles have most surely more often than the reference.

    The log-odds ratio of a word, with an informative Dirichlet prior of both sides together, over
    its standard deviation: rare words and words that are frequent everywhere do not come first.

    Args:
        new: Articles with each word.
        reference: The same of the reference.
        count: Words that are listed, at most; those of a z above 1.96 alone.

    Source:
        Monroe, Colaresi and Quinn 2008, Fightin' words, equations 15, 16, 22.
    """
    names = sorted(word for word, n in new.items() if n >= _LEAST)
    n_new, n_reference = sum(new.values()), sum(reference.values())
    if not names or not n_reference:
        return []
    ours = np.array([new[word] for word in names], float)
    theirs = np.array([reference.get(word, 0) for word in names], float)
    prior = PRIOR * (ours + theirs) / (n_new + n_reference)
    odds = (
        np.log((counts + prior) / (total + PRIOR - counts - prior))
        for counts, total in ((ours, n_new), (theirs, n_reference))
    )
    ratio = next(odds) - next(odds)
    z = ratio / np.sqrt(1 / (ours + prior) + 1 / (theirs + prior))
    order = np.argsort(-z, kind="stable")[:count]
    return [
        TopicWord(word=names[i], z=float(z[i]), articles=int(ours[i]), reference=int(theirs[i]))
        for i in order
        if z[i] > 1.96
    ]
