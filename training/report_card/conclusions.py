"""What an analyst may and may not conclude, in plain words that the figures decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from labels.pipeline.schema import STANCE, Split
from training.report_card.intervals import Figure
from training.report_card.slices import ALL, Slice

_SURE_ENOUGH = 0.9  # F1 of related or not, from which mentions may be counted
_CALIBRATED = 0.02  # that confidence may be off


@dataclass(frozen=True)
class Conclusion:
    """One sentence, and what it rests on."""

    text: str
    grounds: str = ""


@dataclass(frozen=True)
class Setting:
    """What was scored, as far as conclusions depend on it."""

    split: str
    texts: str
    annotators: Mapping[str, int]  # gold stances that each gave
    names: Mapping[str, str]  # of targets and languages, by key


def may_conclude(slices: Sequence[Slice], setting: Setting) -> list[Conclusion]:
    """Say what the figures allow.

    Args:
        slices: As `training.report_card.slices.stance_slices` gives them.
        setting: What was scored.
    """
    return list(_allowed(slices, setting))


def may_not_conclude(slices: Sequence[Slice], setting: Setting) -> list[Conclusion]:
    """Say what they do not allow; arguments as of `may_conclude`."""
    return list(_forbidden(slices, setting))


def in_words(figure: Figure) -> str:
    """Say a share with what it rests on: ``79 in 100 [76, 82], n 1,160``."""
    if figure.value is None or figure.low is None or figure.high is None:
        return f"too few to say ({figure.shortage})"
    value, low, high = (100 * one for one in (figure.value, figure.low, figure.high))
    return f"{value:.0f} in 100 [{low:.0f}, {high:.0f}], n {figure.n:,}"


def _number(figure: Figure, digits: int = 2) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return f"too few to say ({figure.shortage})"
    return (
        f"{figure.value:.{digits}f} [{figure.low:.{digits}f}, {figure.high:.{digits}f}], "
        f"n {figure.n:,}"
    )


def _allowed(slices: Sequence[Slice], setting: Setting) -> Iterator[Conclusion]:
    found = slices[0].figures
    if found["called"].value is not None:
        yield Conclusion(
            "Use the labels to find the sentences that are worth reading.",
            f"Of the answers favor and against, {in_words(found['called'])}, are right; of the "
            f"positions that there are, {in_words(found['found'])}, are found.",
        )
    if _low(found["related"]) >= _SURE_ENOUGH:
        yield Conclusion(
            "Count how often a target is spoken of.",
            f"F1 of related or not: {_number(found['related'])}.",
        )
    if (gap := found["sure"]).value is not None and abs(gap.value) <= _CALIBRATED:
        yield Conclusion(
            "Take the probabilities for what they say, all answers together.",
            f"Mean confidence less the share that is right, in points of 100: {_points(gap)}.",
        )


def _forbidden(slices: Sequence[Slice], setting: Setting) -> Iterator[Conclusion]:
    found = slices[0].figures
    yield Conclusion(
        "Take the share of an answer for the share of the stance.",
        "For each one that there is, it is given this often: "
        + "; ".join(f"{name} {_number(found[f'ratio_{name}'])}" for name in STANCE.polar)
        + f". Of neutral sentences, {in_words(found['false_polar'])}, are called a position. In "
        "texts with other shares the error is another: correct the shares with labels of your own.",
    )
    if _low(found["related"]) < _SURE_ENOUGH:
        yield Conclusion(
            "Count how often a target is spoken of.",
            f"F1 of related or not: {_number(found['related'])}.",
        )
    yield Conclusion(
        "Quote a holder or a voice unread.",
        f"Holder right: {in_words(found['holder'])}; voice right: {in_words(found['voice'])}.",
    )
    yield Conclusion(
        "Rank targets, languages or voices whose intervals overlap.",
        "And of many that are compared, some differ by chance.",
    )
    few = [one for one in _cells(slices) if one.figures["f_polar"].value is None]
    if few:
        cells = (f"{_cell(one, setting)} ({one.figures['f_polar'].shortage})" for one in few)
        yield Conclusion("Say how well it does where there is too little gold.", _listed(cells))
    yield Conclusion(f"Carry these figures over to other texts than {setting.texts}.")
    if setting.split == Split.dev:
        yield Conclusion(
            "Take them for figures of texts that had no part in training.",
            "The epoch that was kept was chosen on dev, so they are somewhat too high.",
        )
    models = {name: n for name, n in setting.annotators.items() if name.startswith("model:")}
    if models:
        share = sum(models.values()) / sum(setting.annotators.values())
        yield Conclusion(
            "Say how far it agrees with people.",
            f"Of the gold stances, {share:.0%} (n {sum(setting.annotators.values()):,}) were given "
            f"by a language model ({', '.join(sorted(models))}).",
        )


def _cells(slices: Iterable[Slice]) -> list[Slice]:
    return [one for one in slices if one.target != ALL and one.lang != ALL]


def _cell(one: Slice, setting: Setting) -> str:
    return f"{setting.names.get(one.target, one.target)} in {setting.names.get(one.lang, one.lang)}"


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts) + "."


def _points(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return f"too few to say ({figure.shortage})"
    value, low, high = (100 * one for one in (figure.value, figure.low, figure.high))
    return f"{value:+z.1f} [{low:+z.1f}, {high:+z.1f}], n {figure.n:,}"


def _low(figure: Figure) -> float:
    return -1.0 if figure.low is None else figure.low
