"""The stage ``check_behaviour``: pairs and models in, pass rates out."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path, sha256_of, write_json
from labels.pipeline.markdown import markdown_table
from labels.pipeline.progress import meter
from training.behaviour.asking import ask_export, is_labels_table, read_labels
from training.behaviour.pairs import Pair, read_pairs
from training.behaviour.rates import ALL, failed_pairs, pass_rates
from training.behaviour.records import Behaviour, FailedPair, PassRate
from training.behaviour.settings import BehaviourSettings


def check_behaviour(settings: BehaviourSettings) -> None:
    """Ask each model for every sentence, and write how many pairs it gets right.

    Writes ``output`` and beside it the same rates as ``.csv`` and ``.md``, and the pairs that were
    failed as ``.failed.jsonl``. The first of the models must reach the minimum.

    Raises:
        ConfigError: There are no pairs, a model is none, or the minimum is of a capability that no
            pair has.
        DataError: A pair is wrong, a model does not answer for its target, or the first model is
            below the minimum; then the files are written all the same.
    """
    console = Console(stderr=True)
    pairs = read_pairs(settings.pairs)
    _check_named(settings.minimum, pairs)
    files = sorted(settings.pairs.glob("*.jsonl"))
    found = Behaviour(pairs={path.name: sha256_of(path) for path in files}, models=[], rates=[])
    failed: list[FailedPair] = []
    items = [item for pair in pairs for item in pair.items]
    total = len(items) * len(settings.models)
    with meter(console, "asking", "sentences", total) as shown:
        for model in settings.models:
            if is_labels_table(model):
                asked, answers = read_labels(model, items, shown)
            else:
                variant = settings.variant.value
                asked, answers = ask_export(model, items, variant, settings.threads, shown)
            found["models"].append(asked)
            found["rates"] += pass_rates(asked["name"], pairs, answers)
            failed += failed_pairs(asked["name"], pairs, answers)
    _write(settings.output, found, failed)
    _show(settings.output, found)
    check_minimum(found["rates"], found["models"][0]["name"], settings.minimum)


def check_minimum(rates: Sequence[PassRate], model: str, minimum: Any) -> None:  # noqa: ANN401
    """Stop where a model gets too few pairs of a capability right in a language.

    Args:
        rates: As `pass_rates` gives them.
        model: The name of the model that must reach the minimum.
        minimum: A pass rate for every capability, or for each that a mapping names; None asks for
            nothing.

    Raises:
        DataError: It lists what is below.
    """
    if minimum is None:
        return
    below = []
    for rate in rates:
        least = minimum.get(rate["capability"]) if isinstance(minimum, dict) else minimum
        is_total = ALL in (rate["capability"], rate["lang"])
        if rate["model"] == model and not is_total and least is not None and rate["rate"] < least:
            below.append(
                f"{rate['capability']}, {rate['lang']}: expected {least:g}, found "
                f"{rate['rate']:.2f} ({rate['passed']} of {rate['pairs']} pairs)"
            )
    if below:
        raise DataError("\n".join([f"{model} is below the minimum:", *below]))


def _check_named(minimum: Any, pairs: Iterable[Pair]) -> None:  # noqa: ANN401
    """Refuse a minimum that nothing would be held to."""
    present = {pair.first.capability for pair in pairs}
    if isinstance(minimum, dict) and (odd := sorted(set(minimum) - present)):
        raise ConfigError(f"minimum: expected capabilities that have pairs, got {', '.join(odd)}")


def _write(output: Path, found: Behaviour, failed: Iterable[FailedPair]) -> None:
    rates = output.with_suffix(".csv")
    with atomic_path(rates) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(PassRate.__annotations__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found["rates"])
    with atomic_path(output.with_suffix(".failed.jsonl")) as temporary:
        lines = [json.dumps(pair, ensure_ascii=False) + "\n" for pair in failed]
        temporary.write_text("".join(lines), encoding="utf-8")
    with atomic_path(output.with_suffix(".md")) as temporary:
        temporary.write_text(page_text(found), encoding="utf-8")
    write_json(output, found)  # last, when all beside it stands


def page_text(found: Behaviour) -> str:
    """Return the page: the models side by side, and each by language."""
    names = [model["name"] for model in found["models"]]
    parts = [
        "# Behaviour",
        "Written by `python scripts/check_behaviour.py`; do not edit. The share of pairs of which\n"
        "both sentences got the right stance, with its 95% interval; `constant` is what one would\n"
        "get by always giving the same label. `docs/behaviour.md` says what each line asks for,\n"
        "and how the intervals are made.",
    ]
    if len(names) > 1:
        over_all = [rate for rate in found["rates"] if rate["lang"] == ALL]
        parts += ["## All languages", _table(over_all, names, lambda rate: rate["model"])]
    langs = _langs_of(found)
    for name in names:
        rates = [rate for rate in found["rates"] if rate["model"] == name]
        parts += [f"## `{name}`", _table(rates, langs, lambda rate: rate["lang"])]
    return "\n\n".join(parts) + "\n"


def _langs_of(found: Behaviour) -> list[str]:
    """List the languages, and ``all`` at the end, also where one lacks a capability."""
    return sorted({rate["lang"]: None for rate in found["rates"]}, key=lambda lang: lang == ALL)


def _table(
    rates: Sequence[PassRate], columns: Sequence[str], column_of: Callable[[PassRate], str]
) -> str:
    """Make a table with a line for each capability; the last column is of all its pairs."""
    cells = {(rate["capability"], column_of(rate)): rate for rate in rates}
    rows = []
    for capability in dict.fromkeys(rate["capability"] for rate in rates):
        of_all = cells[capability, columns[-1]]
        line = [_cell(cells.get((capability, column))) for column in columns]
        rows.append([capability, str(of_all["pairs"]), f"{of_all['constant']:.2f}", *line])
    return markdown_table(["capability", "pairs", "constant", *columns], rows)


def _cell(rate: PassRate | None) -> str:
    return f"{rate['rate']:.2f} [{rate['low']:.2f}, {rate['high']:.2f}]" if rate else "-"


def _show(output: Path, found: Behaviour) -> None:
    """Show each model by language, and where to read what it got wrong."""
    console = Console()
    langs = _langs_of(found)
    for model in found["models"]:
        rates = [rate for rate in found["rates"] if rate["model"] == model["name"]]
        table = Table()
        for name in ("capability", "pairs", *langs):
            table.add_column(name, justify="left" if name == "capability" else "right")
        cells = {(rate["capability"], rate["lang"]): rate for rate in rates}
        for capability in dict.fromkeys(rate["capability"] for rate in rates):
            line = [cells.get((capability, lang)) for lang in langs]
            n = str(cells[capability, ALL]["pairs"])
            shown = [f"{rate['rate']:.2f}" if rate else "-" for rate in line]
            table.add_row(capability, n, *shown)
        # no title of the table, which would break a long path in the middle of a word
        title = f"Share of the pairs that {model['name']} gets right"
        console.print(title, highlight=False, markup=False, soft_wrap=True)
        console.print(table)
    console.print(
        f"report with intervals: {output.with_suffix('.md')}\n"
        f"read what was failed:  {output.with_suffix('.failed.jsonl')}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
