"""What is shown and said of a comparison of articles."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from rich import box
from rich.markup import escape
from rich.table import Table

from labels.pipeline.files import atomic_path
from training.drift.records import Change, Drift, Verdict

_SHOWN = 20  # features in the picture, the furthest apart
_WORDS = 5  # of a language that are said
_COLORS = {Verdict.drifted: "tab:red", Verdict.little: "tab:orange", Verdict.same: "tab:green"}
_SAID = {
    Verdict.same: "same",
    Verdict.little: "little",
    Verdict.drifted: "drifted",
    Verdict.too_few: "too few to say",
}


def name_of(change: Change) -> str:
    """Name a feature with its language and target."""
    where = ", ".join(part for part in (change["lang"], change["target"]) if part)
    return f"{change['feature']} ({where})" if where else change["feature"]


def changes_table(changes: Sequence[Change]) -> Table:
    """Lay the features out for the terminal; those with too few articles are counted, not shown."""
    tested = [change for change in changes if change["p"] is not None]
    table = Table(
        title="How far the new articles are from the reference (ref.)",
        caption="apart: Jensen-Shannon distance; chance: what 95 of 100 random parts of the "
        "articles stay below; p is corrected "
        f"for {len(tested)} features; {len(changes) - len(tested)} more have too few articles",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("feature", no_wrap=True)
    for name in ("new", "ref.", "apart", "chance", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for change in tested:
        table.add_row(
            escape(name_of(change)),
            str(change["articles"]),
            str(change["reference"]),
            f"{change['distance']:.3f}",
            f"{change['threshold']:.3f}",
            f"{change['p_corrected']:.3f}",
            _SAID[Verdict(change["verdict"])],
            style="bold" if change["verdict"] == Verdict.drifted else "",
        )
    return table


def conclusions(found: Drift) -> Iterator[str]:
    """Say in plain words what was found; ``label_more`` and ``tasks`` stand in ``found``."""
    yield from _of_changes(found["changes"])
    yield from _of_words_and_sources(found)
    if found["label_more"]:
        yield (
            "Label more before you trust the model on these articles: its scores were measured on "
            f"others. {found['tasks']} sentences to begin with stand in tasks.jsonl."
        )
    else:
        yield (
            "Nothing here asks for more labels. This compares articles, not answers with gold: "
            "only labelled sentences say how often the model is right."
        )


def _of_changes(changes: Sequence[Change]) -> Iterator[str]:
    verdicts = [change["verdict"] for change in changes]
    drifted = [change for change in changes if change["verdict"] == Verdict.drifted]
    few = verdicts.count(Verdict.too_few)
    if few == len(changes):
        yield "There are too few articles to say whether the new ones are like the reference."
        return
    if drifted:
        yield f"The new articles are unlike the reference in {_listed(drifted)}."
    else:
        yield "No drift worth acting on was found."
    if little := verdicts.count(Verdict.little):
        yield f"{little} features are further apart than by chance, but by little."
    if few:
        yield f"Of {few} features there are too few articles to say."
    yield from (
        f"Languages: {_moved(change)}." for change in drifted if change["feature"] == "languages"
    )


def _of_words_and_sources(found: Drift) -> Iterator[str]:
    for lang, words in found["words"].items():
        if words:
            shown = ", ".join(word["word"] for word in words[:_WORDS])
            yield f"Words that {lang} has more often now: {shown}."
    if outlets := found["unseen_outlets"]:
        n = sum(outlet["articles"] for outlet in outlets)
        yield f"{n} new articles are of {len(outlets)} outlets that the reference does not have."
    if found["later"] is not None:
        yield (
            f"{found['later']} of {found['articles']['dated']} dated new articles are later than "
            f"the last of the reference, {found['reference']['last']}; time alone is no drift."
        )


def _listed(changes: Sequence[Change]) -> str:
    return ", ".join(map(name_of, changes))


def _moved(change: Change) -> str:
    return ", ".join(
        f"{share['name']} {share['articles']:.0%} instead of {share['reference']:.0%}"
        for share in change["shares"]
    )


def draw_changes(path: Path, changes: Sequence[Change], notable: float) -> None:
    """Draw how far the features are apart beyond chance, the furthest on top.

    Args:
        path: SVG file to replace.
        changes: Those with too few articles are left out.
        notable: From here on it is worth acting on.
    """
    tested = [change for change in changes if change["excess"] is not None]
    shown = sorted(tested, key=lambda change: -(change["excess"] or 0.0))[:_SHOWN][::-1]
    figure = Figure(figsize=(7, 1.5 + 0.28 * max(1, len(shown))), layout="constrained")
    axes = figure.subplots()
    axes.barh(
        range(len(shown)),
        [change["excess"] or 0.0 for change in shown],
        color=[_COLORS[Verdict(change["verdict"])] for change in shown],
    )
    names = [name_of(change).replace("$", r"\$") for change in shown]
    axes.set_yticks(range(len(shown)), names)
    axes.axvline(notable, color="grey", linewidth=1)
    axes.set_xlabel("Jensen-Shannon distance beyond chance (red: drifted, green: as by chance)")
    axes.set_xlim(left=0)
    with mpl.rc_context({"svg.hashsalt": "sikap"}), atomic_path(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
