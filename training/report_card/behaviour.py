"""The behavioural suite on the card: what ``check_behaviour`` wrote, a table for each model."""

from collections.abc import Iterable, Mapping
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
    """Pass rates of one model: a line for each capability, a column for each language."""

    model: str
    heads: list[str]
    rows: list[Line]


def read_behaviour(path: Path | None, names: Names) -> list[PassTable]:
    """Lay the pass rates out; nothing where there is no file.

    Args:
        path: ``behaviour.json``.
        names: Of languages.

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
    langs = _ordered(lang for _, _, lang, _ in rates)
    capabilities = _ordered(capability for _, capability, _, _ in rates)
    tables = []
    for model in dict.fromkeys(model for model, *_ in rates):
        known = {(capability, lang): one for own, capability, lang, one in rates if own == model}
        rows = [
            Line(
                "all capabilities" if capability == ALL else capability.replace("_", " "),
                [_cell(known.get((capability, lang))) for lang in langs],
                strong=capability == ALL,
            )
            for capability in capabilities
        ]
        tables.append(PassTable(model, ["Capability", *map(names.of, langs)], rows))
    return tables


def _rate(one: Mapping[str, Any]) -> tuple[str, str, str, Figure]:
    figure = Figure(int(one["pairs"]), float(one["rate"]), float(one["low"]), float(one["high"]))
    return str(one["model"]), str(one["capability"]), str(one["lang"]), figure


def _cell(figure: Figure | None) -> Cell | str:
    return "" if figure is None else Cell(figure, "percent")


def _ordered(names: Iterable[str]) -> list[str]:
    """List each name once, all together first."""
    return sorted(dict.fromkeys(names), key=lambda name: name != ALL)
