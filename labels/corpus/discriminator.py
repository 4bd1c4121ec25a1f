"""How easily invented text is told from news: a simple classifier over short strings of letters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline

FOLDS = 5
LEAST = 100  # sentences a side: fewer say nothing
_LENGTH_BIN = 10  # characters: two sentences of one bin are as long as each other
_NGRAMS = (2, 5)  # characters
_MAX_FEATURES = 20_000
_LEAST_SENTENCES = 3  # that hold a feature


@dataclass(frozen=True, kw_only=True)
class Separation:
    """How well the classifier tells the two sides of articles that it has not seen apart."""

    auc: float  # area under the ROC curve, mean over folds: 0.5 where it cannot tell
    low: float  # of the worst fold
    high: float  # of the best fold
    sentences: int  # of each side


@dataclass(frozen=True)
class Side:
    """Sentences of one side, and the article of each."""

    texts: Sequence[str]
    articles: Sequence[str]

    def __getitem__(self, chosen: Sequence[int]) -> "Side":
        """Return the chosen sentences."""
        return Side([self.texts[i] for i in chosen], [self.articles[i] for i in chosen])


def separate(ours: Side, theirs: Side, most: int, seed: int) -> Separation | None:
    """Measure how well our sentences are told from theirs.

    Both sides have as many sentences of each length, so that length tells nothing, and articles
    are never cut between folds. Character n-grams of two to five letters, weighted by TF-IDF, go
    into a logistic regression.

    Args:
        ours: Sentences of the corpus.
        theirs: Sentences of real news.
        most: Sentences a side, at most.
        seed: Of the sentences drawn and of the folds.

    Returns:
        None where fewer than 100 sentences a side are equally long, or too few articles.
    """
    ours, theirs = matched_by_length(ours, theirs, most, np.random.default_rng(seed))
    if len(ours.texts) < LEAST or min(len(set(ours.articles)), len(set(theirs.articles))) < FOLDS:
        return None
    texts, labels = _together(ours, theirs)
    groups = [f"ours {one}" for one in ours.articles] + [f"real {one}" for one in theirs.articles]
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    scores = []
    for train, test in folds.split(texts, labels, groups):
        model = make_pipeline(_vectorizer(), _classifier())
        model.fit(texts[train], labels[train])
        scores.append(float(roc_auc_score(labels[test], model.decision_function(texts[test]))))
    return Separation(
        auc=float(np.mean(scores)), low=min(scores), high=max(scores), sentences=len(ours.texts)
    )


def strongest(ours: Side, theirs: Side, most: int, seed: int, count: int) -> list[str]:
    """List the strings of letters that speak most for our side, the strongest first."""
    ours, theirs = matched_by_length(ours, theirs, most, np.random.default_rng(seed))
    if len(ours.texts) < LEAST:
        return []
    texts, labels = _together(ours, theirs)
    vectorizer, classifier = _vectorizer(), _classifier()
    classifier.fit(vectorizer.fit_transform(texts), labels)
    order = np.argsort(-classifier.coef_[0], kind="stable")
    names = vectorizer.get_feature_names_out()
    return [str(names[i]) for i in order[:count]]


def matched_by_length(
    ours: Side, theirs: Side, most: int, rng: np.random.Generator
) -> tuple[Side, Side]:
    """Draw from both sides the same number of sentences of each length, ``most`` a side at most."""
    ours_by, theirs_by = _by_length(ours.texts), _by_length(theirs.texts)
    pairs: list[tuple[int, int]] = []
    for length in sorted(ours_by.keys() & theirs_by.keys()):
        left, right = (rng.permutation(side[length]) for side in (ours_by, theirs_by))
        pairs += zip(left.tolist(), right.tolist(), strict=False)
    chosen = [pairs[i] for i in sorted(rng.permutation(len(pairs))[:most].tolist())]
    return ours[[pair[0] for pair in chosen]], theirs[[pair[1] for pair in chosen]]


def _by_length(texts: Sequence[str]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        found[len(text) // _LENGTH_BIN].append(number)
    return found


def _together(ours: Side, theirs: Side) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    texts = np.array([*ours.texts, *theirs.texts], dtype=object)
    labels = np.repeat(np.array([1, 0], dtype=np.int64), [len(ours.texts), len(theirs.texts)])
    return texts, labels


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=_NGRAMS,
        min_df=_LEAST_SENTENCES,
        max_features=_MAX_FEATURES,
        lowercase=False,
        sublinear_tf=True,
    )


def _classifier() -> LogisticRegression:
    return LogisticRegression(max_iter=1_000)
