"""Temperature scaling, by task and language."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.model_selection import GroupKFold

from labels.metrics.calibration_file import POOLED, temperature_for
from training.calibrate.answers import Answers

Temperatures = Mapping[str, dict[str, float]]  # task -> language or `POOLED` -> temperature

_LOGARITHMS = (-3.0, 3.0)  # of a temperature; beyond, labels say nothing about it


def fit_temperatures(answers: Answers, least_rows: int) -> dict[str, dict[str, float]]:
    """Fit a temperature for each task, and for each language that has enough answers to it.

    Args:
        answers: Of one scheme.
        least_rows: A language with fewer answers to a task has no temperature of its own.
    """
    found: dict[str, dict[str, float]] = {}
    for task in dict.fromkeys(answers.tasks.tolist()):
        own = answers[answers.tasks == task]
        found[task] = {POOLED: temperature_of(own)}
        for lang in sorted(set(own.langs.tolist())):
            in_lang = own[own.langs == lang]
            if len(in_lang) >= least_rows:
                found[task][lang] = temperature_of(in_lang)
    return found


def temperature_of(answers: Answers) -> float:
    """Find the temperature under which gold is likeliest, the only parameter there is.

    The same as temperature scaling of scikit-learn, which cannot be told that gold lacks a class.

    Source:
        Guo et al. 2017, On calibration of modern neural networks, section 4.2.
    """

    def loss(logarithm: float) -> float:
        scaled = log_softmax(answers.logits / np.exp(logarithm), axis=1)
        return -float(scaled[np.arange(len(answers)), answers.gold].mean())

    found = minimize_scalar(loss, bounds=_LOGARITHMS, method="bounded")
    return float(np.exp(found.x))


def unscaled(answers: Answers) -> NDArray[np.float64]:
    """Give the probabilities of answers as the model gave them, shape ``(n, classes)``."""
    return np.asarray(softmax(answers.logits, axis=1))


def scaled(answers: Answers, temperatures: Temperatures) -> NDArray[np.float64]:
    """Give the probabilities of answers under temperatures, shape ``(n, classes)``."""
    by_answer = [
        temperature_for(temperatures[task], lang)
        for task, lang in zip(answers.tasks.tolist(), answers.langs.tolist(), strict=True)
    ]
    probabilities: NDArray[np.float64] = softmax(
        answers.logits / np.array(by_answer)[:, None], axis=1
    )
    return probabilities


def cross_scaled(answers: Answers, least_rows: int, n_folds: int) -> NDArray[np.float64]:
    """Give probabilities under temperatures that were fitted on other articles.

    Args:
        answers: Of at least as many articles as there are folds.
        least_rows: As in `fit_temperatures`.
        n_folds: The articles are dealt to so many folds; each is scaled by the others.

    Returns:
        Shape ``(n, classes)``, in the order of the answers.
    """
    probabilities = np.zeros_like(answers.logits)
    folds = GroupKFold(n_folds).split(answers.logits, groups=answers.groups)
    for others, own in folds:
        fitted = fit_temperatures(answers[_mask(others, len(answers))], least_rows)
        chosen = _mask(own, len(answers))
        probabilities[chosen] = scaled(answers[chosen], _complete(fitted, answers))
    return probabilities


def _complete(temperatures: Temperatures, answers: Answers) -> Temperatures:
    """Leave the answers to a task as they are that the other folds know nothing of."""
    return {task: {POOLED: 1.0} for task in set(answers.tasks.tolist())} | dict(temperatures)


def _mask(places: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, dtype=bool)
    mask[places] = True
    return mask
