"""What may be concluded from the shares, and what not, in plain words; and the closing table."""

from collections.abc import Sequence

import numpy as np
from rich import box
from rich.markup import escape
from rich.table import Table

from labels.pipeline.schema import POLAR_STANCES, STANCES, Stance
from training.shares.audit import Audit
from training.shares.charts import ALL_OUTLETS
from training.shares.estimators import LEVEL
from training.shares.records import Account, Change, Sensitivity, Share
from training.shares.settings import Among, Estimator, ShareSettings

_NAMED = 5  # changes that are told by name
_SHOWN = 20  # rows of the closing table
_LONGEST = 40  # characters of an outlet's name

_ASSUMED = {
    Estimator.naive: "the model's errors cancel out, which they rarely do",
    Estimator.adjusted: "the model errs in each cell as often as in the gold sample",
    Estimator.posterior: "the model errs in each cell as often as in the gold sample",
    Estimator.ppi: "the gold sample was drawn at random from the very articles of the cell",
}


def conclusions(
    settings: ShareSettings,
    account: Account,
    rows: Sequence[Share],
    changes: Sequence[Change],
    sensitivity: Sequence[Sensitivity],
    audit: Audit | None,
) -> list[str]:
    """Say what the figures show, what they rest on, and what they do not say.

    Args:
        settings: Of the run.
        account: What was read.
        rows: Of the table ``shares``, of the counting that is shown.
        changes: Of the same counting.
        sensitivity: All rows.
        audit: None where shares are as the model says.
    """
    polar = [row for row in rows if row["stance"] in POLAR_STANCES and row["share"] is not None]
    lines = [_read(account), _cells(settings, account)]
    lines += _found(rows, changes)
    of = "sentences that the model finds to be about the target"
    lines.append(
        f"Shares are of {of if settings.among is Among.related else 'all sentences'}, in the "
        "articles that were handed in; they say nothing of what else an outlet published."
    )
    if polar:
        lines.append(
            f"Each of the {len(polar):,} intervals is meant to hold the true share 95 times in "
            f"100, so some {max(1, round(len(polar) * (1 - LEVEL))):,} may not. It takes for "
            f"granted that {_ASSUMED[settings.estimator]}."
        )
    lines.append(
        "A share is of stances in sentences, whoever holds them: a quoted speaker's too. Rows by "
        "voice tell these apart as the model does; its errors about the voice are not corrected."
    )
    if audit is not None:
        lines.append(_missed(audit))
    lines += _sensitivity(rows, sensitivity)
    return lines


def _read(account: Account) -> str:
    text = (
        f"Read {account['sentences']:,} sentences of {account['articles']:,} articles, "
        f"{account['events']:,} events after near-duplicates and wire copy are joined."
    )
    if account["without_date"]:
        text += f" {account['without_date']:,} articles have no sure date and are in no period."
    if account["without_outlet"]:
        text += f" {account['without_outlet']:,} articles name no outlet."
    if account["rejects"]:
        text += f" {account['rejects']:,} records were not understood: rejects.jsonl."
    return text


def _cells(settings: ShareSettings, account: Account) -> str:
    told = account["cells"] - account["too_few"] - account["without_estimate"]
    text = (
        f"Of {account['cells']:,} cells (both countings) {told:,} have an estimate; "
        f"{account['too_few']:,} have fewer than {settings.least_articles} articles or events and "
        "are too few to say."
    )
    if account["without_estimate"]:
        text += (
            f" {account['without_estimate']:,} have none because the gold sample is too small for "
            "them or its error rates do not fit: the column reason."
        )
    return text


def _found(rows: Sequence[Share], changes: Sequence[Change]) -> list[str]:
    if not changes:
        return ["No outlet has two periods with an estimate, so nothing is said of changes."]
    sure = sorted(
        (row for row in changes if row["verdict"] != "cannot say"),
        key=lambda row: (row["p_adjusted"], -abs(row["difference"])),
    )
    if not sure:
        return [
            f"None of {len(changes):,} changes between periods is beyond chance; that does not "
            "show that nothing changed."
        ]
    lines = [
        f"{(row['outlet'] or ALL_OUTLETS)[:_LONGEST]} ({row['lang']}): {row['stance']} "
        f"{row['target']} {row['verdict']} from {row['before']} to {row['period']}, "
        f"by {100 * row['difference']:+.0f} points "
        f"[{100 * row['low']:+.0f}, {100 * row['high']:+.0f}].{_other_outlets(rows, row)}"
        for row in sure[:_NAMED]
    ]
    if len(sure) > _NAMED:
        lines.append(f"{len(sure) - _NAMED} more changes are beyond chance: changes.csv.")
    return lines


def _other_outlets(rows: Sequence[Share], change: Change) -> str:
    """Say how far a change of all outlets together may be one of which outlets are there."""
    if change["outlet"] is not None:
        return ""
    about = (change["target"], change["lang"], change["voice"])
    mixes = []
    for period in (change["before"], change["period"]):
        sizes = {
            row["outlet"]: row["sentences"]
            for row in rows
            if row["outlet"] is not None
            and row["period"] == period
            and (row["target"], row["lang"], row["voice"]) == about
        }
        total = sum(sizes.values()) or 1
        mixes.append({outlet: size / total for outlet, size in sizes.items()})
    before, after = mixes
    other = sum(max(0.0, share - before.get(outlet, 0.0)) for outlet, share in after.items())
    return (
        f" The mix of outlets is another in {other:.0%} of its sentences: it may be a change of "
        "outlets and of no outlet's stance."
    )


def _missed(audit: Audit) -> str:
    parts = []
    for target, gold in audit.gold.items():
        answers = audit.corpus.answers[target].labels[audit.places]
        polar = (gold == STANCES.index(Stance.favor)) | (gold == STANCES.index(Stance.against))
        missed = polar & (answers == STANCES.index(Stance.unrelated))
        parts.append(f"{target} {int(missed.sum())} of {int(polar.sum())}")
    return (
        f"Error rates are those of {len(audit):,} gold sentences of {audit.rows:,} rows "
        f"({audit.unmatched:,} without a prediction). Positions that the model takes to be about "
        "something else are in no share of related sentences; of the gold sample's positions "
        f"these are: {', '.join(parts)}."
    )


def _sensitivity(rows: Sequence[Share], sensitivity: Sequence[Sensitivity]) -> list[str]:
    shares = {(row["cell"], row["stance"]): row["share"] for row in rows}
    moves: dict[str, list[float]] = {}
    for row in sensitivity:
        share = shares.get((row["cell"], row["stance"]))
        if share is not None and row["share"] is not None:
            moves.setdefault(row["varied"], []).append(abs(row["share"] - share))
    return [
        f"Another {varied} moves a share of favor or against by {100 * float(np.median(found)):.1f}"
        f" points at the median and {100 * max(found):.1f} at most ({len(found):,} comparisons)."
        for varied, found in moves.items()
    ]


def closing_table(rows: Sequence[Share], estimator: Estimator) -> Table:
    """Return the shares of the largest cells over the whole time, all voices together."""
    told = [
        row
        for row in rows
        if row["share"] is not None
        and row["voice"] is None
        and row["period"] is None
        and row["stance"] in POLAR_STANCES
    ]
    told.sort(key=lambda row: (-row["sentences"], row["cell"]))
    table = Table(
        title=f"Shares over the whole time ({estimator.value}, 95% intervals)",
        caption=f"{min(len(told), _SHOWN)} of {len(told)} rows",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for name in ("target", "outlet", "lang", "stance"):  # what a narrow window cuts, no number
        table.add_column(name, overflow="ellipsis")
    for name in ("share", "naive", "articles"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in told[:_SHOWN]:
        table.add_row(
            row["target"],
            escape((row["outlet"] or ALL_OUTLETS)[:_LONGEST]),
            row["lang"],
            row["stance"],
            f"{_three(row['share'])} [{_three(row['low'])}, {_three(row['high'])}]",
            _three(row["naive"]),
            f"{row['articles']:,}",
        )
    return table


def _three(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
