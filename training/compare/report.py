"""What is shown and written of a comparison: tables, plain words, sentences to read."""

import csv
import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.markup import escape
from rich.table import Table

from labels.pipeline.files import atomic_path
from labels.pipeline.markdown import markdown_table
from training.compare.answers import Pair
from training.compare.records import Comparison, Differing, Result, Verdict

A, B, NEITHER = "a", "b", "neither"  # is right
ALL, NONE = "all", "-"
_DIFFERING = ("sentence_id", "lang", "task", "gold", "a", "b", "right", "text")
_LONGEST = 400  # code points of a sentence on the page
_WORDS = {
    Verdict.a: "a better",
    Verdict.b: "b better",
    Verdict.undecided: "no difference shown",
    Verdict.too_few: "too few rows to say",
}


def conclusions(results: Sequence[Result], alpha: float) -> list[str]:
    """Say in plain words what may be concluded, and what may not.

    Args:
        results: All comparisons; the first is the one that was chosen beforehand.
        alpha: Share of false findings that is accepted.
    """
    headline, *others = results
    tested = [one for one in others if one["p"] is not None]
    found = list(filter(_is_told_apart, tested))
    few = len(others) - len(tested)
    said = [_of_headline(headline)]
    said.append(
        f"Of {len(tested)} further comparisons, {len(found)} show a difference once their number "
        f"is taken into account (Benjamini and Hochberg: at most {alpha:.0%} of those shown are "
        "expected to be chance)" + (f": {'; '.join(map(_short, found))}." if found else ".")
    )
    if few:
        said.append(f"{few} comparisons have too few rows to say anything.")
    said.append(
        "Where no difference is shown, it is not shown that there is none: any difference inside "
        "the interval remains possible."
    )
    said.append(
        "What holds here holds for sentences like these, labelled as these were; of other outlets, "
        "years or languages it says nothing. If one of the two was chosen by its score on these "
        "sentences, the comparison flatters it."
    )
    return said


def _of_headline(result: Result) -> str:
    name = result["measure"]
    if result["a"] is None or result["b"] is None or result["difference"] is None:
        return f"{name} cannot be computed: {result.get('reason')}."
    scores = f"{name} is {result['a']:.3f} for a and {result['b']:.3f} for b"
    if result["p"] is None:
        return f"{scores}, but there are too few rows to say whether they differ: " + (
            f"{result.get('reason')}."
        )
    if result["differing_groups"] == 0:
        return f"{scores}: both give the same answers to all {result['n']} rows."
    difference = (
        f"a difference of {result['difference']:+.3f} [{result['low']:+.3f}, "
        f"{result['high']:+.3f}], p {_p(result['p'])}, on {result['n']} rows of "
        f"{result['groups']} articles"
    )
    if result["verdict"] == Verdict.undecided:
        return f"{scores}, {difference}: no difference is shown."
    return f"{scores}, {difference}: {result['verdict']} is better on these sentences."


def _short(result: Result) -> str:
    return (
        f"{result['measure']} of {slice_name(result)}, {result['verdict']} better "
        f"({result['difference']:+.3f})"
    )


def slice_name(result: Result) -> str:
    """Name the rows of a result, as ``russia, ar``; ``all`` where they are all."""
    parts = [result["target"], result["lang"], result["voice"]]
    return ", ".join(part for part in parts if part) or ALL


def comparison_table(results: Sequence[Result]) -> Table:
    """Lay out for the terminal what holds of all rows, and every slice that differs."""
    shown = [one for one in results if slice_name(one) == ALL or _is_told_apart(one)]
    table = Table(
        title="b compared with a",
        caption=f"p of the first is its own, the others' are corrected for {len(results) - 1} "
        f"comparisons; {len(results) - len(shown)} more slices: comparison.csv",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("measure", no_wrap=True)
    table.add_column("rows of")
    for name in ("n", "a", "b", "b - a", "95%", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    for result in shown:
        *cells, p, p_corrected, _ = _cells(result)
        cells.append(p if p_corrected == NONE else p_corrected)
        table.add_row(*map(escape, cells), style="bold" if _is_told_apart(result) else "")
    return table


def _is_told_apart(result: Result) -> bool:
    return result["verdict"] in (Verdict.a, Verdict.b)


def _cells(result: Result) -> list[str]:
    interval = NONE
    if result["low"] is not None:
        interval = f"{result['low']:+.2f} {result['high']:+.2f}"
    return [
        result["measure"],
        slice_name(result),
        str(result["n"]),
        _score(result["a"]),
        _score(result["b"]),
        NONE if result["difference"] is None else f"{result['difference']:+.3f}",
        interval,
        _p(result["p"]),
        _p(result["p_corrected"]),
        _WORDS[Verdict(result["verdict"])],
    ]


def _score(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _p(value: float | None) -> str:
    if value is None:
        return NONE
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def who_is_right(pair: Pair) -> str:
    """Tell which of two different answers is gold's."""
    return A if pair.a == pair.gold else B if pair.b == pair.gold else NEITHER


def differing(pairs: Sequence[Pair]) -> list[Pair]:
    """List the rows that are answered differently: those that a has right, b has, neither has."""
    order = (A, B, NEITHER)
    return sorted(
        (pair for pair in pairs if pair.a != pair.b),
        key=lambda pair: order.index(who_is_right(pair)),
    )


def count_differing(pairs: Sequence[Pair]) -> Differing:
    """Count them by who is right."""
    right = [who_is_right(pair) for pair in pairs]
    return Differing(
        a_right=right.count(A), b_right=right.count(B), neither_right=right.count(NEITHER)
    )


def write_differing(path: Path, pairs: Sequence[Pair]) -> None:
    """Write the rows that are answered differently, a line each."""
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(_DIFFERING)
        for pair in pairs:
            known = (pair.sentence_id, pair.lang, pair.task, pair.gold, pair.a, pair.b)
            writer.writerow((*known, who_is_right(pair), pair.text or ""))


_RESULT = [name for name in Result.__annotations__ if name not in ("mcnemar", "reason")]


def write_results(path: Path, results: Sequence[Result]) -> None:
    """Write the comparisons, a line each."""
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow((*_RESULT, "a_only", "b_only", "mcnemar_p", "reason"))
        for result in results:
            found = result["mcnemar"]
            of_rows = (found["a_only"], found["b_only"], found["p"]) if found else ("", "", "")
            values = result.items()
            plain = {name: "" if value is None else value for name, value in values}
            writer.writerow(
                (*(plain[name] for name in _RESULT), *of_rows, result.get("reason", ""))
            )


def write_page(path: Path, found: Comparison, pairs: Sequence[Pair], shown: int) -> None:
    """Write the page for people.

    Args:
        path: Markdown file to replace.
        found: The comparison.
        pairs: What `differing` gives.
        shown: Rows of each kind that are written out.
    """
    with atomic_path(path) as temporary:
        text = "\n".join(_page(found, pairs, shown)) + "\n"
        temporary.write_text(text, encoding="utf-8")


def _page(found: Comparison, pairs: Sequence[Pair], shown: int) -> Iterator[str]:
    compared, gold = found["compared"], found["gold"]
    yield "# b compared with a\n"
    yield "\n".join(f"- {name}: `{side['path']}`" for name, side in found["models"].items())
    yield f"- gold: {f'`{gold}`' if gold else 'that of the predictions tables'}"
    yield (
        f"- {compared['sentences']:,} sentences of {compared['groups']:,} articles, "
        f"{compared['stances']:,} stances, {compared['sentiments']:,} sentiments, "
        f"{compared['holders']:,} holders\n"
    )
    yield "## What may be concluded, and what may not\n"
    yield from (f"- {_safe(sentence)}" for sentence in found["conclusions"])
    yield f"\n## Comparisons\n\n{_table_text(found['results'])}\n"
    yield (
        "Interval: groups of articles are drawn with both answers. p: in each group the answers of "
        "the two are swapped at random, which is exact where the two are alike. p*: corrected for "
        "all comparisons but the first.\n"
    )
    yield f"## Row by row\n\n{_mcnemar_text(found['results'])}\n"
    yield (
        "McNemar's exact test takes every row for itself. Rows of one article hang together, so "
        "its p is too small where a model fails in whole articles; the p above is not.\n"
    )
    counts = found["differing"]
    yield (
        f"## Answered differently\n\n{len(pairs):,} rows: a is right in "
        f"{counts['a_right']:,}, b in {counts['b_right']:,}, neither in "
        f"{counts['neither_right']:,}. All stand in `differing.csv`.\n"
    )
    for who in (A, B, NEITHER):
        rows = [pair for pair in pairs if who_is_right(pair) == who][:shown]
        if rows:
            yield f"### Right: {who}\n\n{_rows_text(rows)}\n"


def _table_text(results: Sequence[Result]) -> str:
    header = ["measure", "rows of", "n", "a", "b", "b - a", "95%", "p", "p*", ""]
    cells = []
    for result in results:
        row = _cells(result)
        if "reason" in result:
            row[-1] = f"{row[-1]}: {result['reason']}"
        cells.append([_safe(cell) for cell in row])
    return markdown_table(header, cells)


def _mcnemar_text(results: Sequence[Result]) -> str:
    header = ["measure", "rows of", "a alone right", "b alone right", "McNemar's p"]
    cells = [
        [
            result["measure"],
            _safe(slice_name(result)),
            str(found["a_only"]),
            str(found["b_only"]),
            _p(found["p"]),
        ]
        for result in results
        if (found := result["mcnemar"]) is not None and result["p"] is not None
    ]
    return markdown_table(header, cells)


def _rows_text(pairs: Sequence[Pair]) -> str:
    header = ["sentence", "task", "gold", "a", "b", "text"]
    cells = [
        [
            _safe(pair.sentence_id),
            _safe(pair.task),
            pair.gold,
            pair.a,
            pair.b,
            _safe(pair.text or ""),
        ]
        for pair in pairs
    ]
    return markdown_table(header, cells)


def _safe(text: str) -> str:
    """Keep text from outside from being markup, and a cell on one line."""
    line = " ".join(text.split())
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    return html.escape(line, quote=False).translate({ord(sign): f"\\{sign}" for sign in "*_`[]"})
