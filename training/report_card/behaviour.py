"""The behavioural suite on the card: what ``check_behaviour`` wrote, models side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labels.pipeline.errors import DataError
from training.report_card.card import Names
from training.report_card.files import read_json
from training.report_card.intervals import Figure
from training.report_card.page import Cell, Line
from training.report_card.slices import ALL


@dataclass(frozen=True)
class PassTable:
    """Pass rates: a line for each capability."""

    title: str
    heads: list[str]
    rows: list[Line]
    folded: bool = False  # to be opened by the reader: it stands behind one that sums it up


def read_behaviour(path: Path | None, names: Names) -> list[PassTable]:
    """Lay the pass rates out; nothing where there is no file.

    Args:
        path: ``behaviour.json``.
        names: Of languages.

    Returns:
        A table of the models side by side, where there are several, and one of each by language.

    Raises:
        DataError: The file is none of check_behaviour.
    """
    if path is None or not path.exists():
        return []
    content = read_json(path)
    try:
        rates = [_rate(one) for one in content["rates"]]
    except (KeyError, TypeError) as error:
        raise DataError(
            f"{path}: expected rates with model, capability, lang, pairs, rate, low and high, "
            f"as check_behaviour writes them, found none: {error}"
        ) from error
    known = {(model, capability, lang): one for model, capability, lang, one in rates}
    langs = _ordered(lang for _, _, lang, _ in rates)
    capabilities = _ordered(capability for _, capability, _, _ in rates)
    models = list(dict.fromkeys(model for model, *_ in rates))

    def lines(columns: Sequence[tuple[str, str]]) -> list[Line]:
        return [
            Line(
                "all capabilities" if capability == ALL else capability.replace("_", " "),
                [_cell(known.get((model, capability, lang))) for model, lang in columns],
                strong=capability == ALL,
            )
            for capability in capabilities
        ]

    several = len(models) > 1
    tables = []
    if several:
        short = [Path(model).name for model in models]
        heads = ["Capability", *(short if len({*short}) == len(short) else models)]
        columns = [(model, ALL) for model in models]
        tables.append(PassTable("Pairs passed, all languages", heads, lines(columns)))
    for model in models:
        columns = [(model, lang) for lang in langs]
        heads = ["Capability", *map(names.of, langs)]
        tables.append(PassTable(f"Pairs passed by {model}", heads, lines(columns), folded=several))
    return tables


def _rate(one: Mapping[str, Any]) -> tuple[str, str, str, Figure]:
    figure = Figure(int(one["pairs"]), float(one["rate"]), float(one["low"]), float(one["high"]))
    return str(one["model"]), str(one["capability"]), str(one["lang"]), figure


def _cell(figure: Figure | None) -> Cell | str:
    return "" if figure is None else Cell(figure, "percent")


def _ordered(names: Iterable[str]) -> list[str]:
    """List each name once, all together first."""
    return sorted(dict.fromkeys(names), key=lambda name: name != ALL)
