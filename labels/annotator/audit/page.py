"""The card as a page in Markdown."""

from collections.abc import Iterator, Sequence

from labels.annotator.account import duration, money
from labels.annotator.audit.records import ALL, Audit, AuditFlip, AuditScore
from labels.pipeline.markdown import markdown_table

_VARIANTS = {
    "again": "the same prompt again, the sentences in other company",
    "option_order": "the labels named in the other order",
    "wording": "the instructions in other words",
    "language": "the instructions in another language",
}


def audit_page(audit: Audit) -> str:
    """Write the card."""
    return "\n\n".join(_parts(audit)) + "\n"


def _parts(audit: Audit) -> Iterator[str]:
    rejected = sum(audit["rejected"].values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in audit["rejected"].items())
    yield f"# Audit of `{audit['labeller']}`"
    yield (
        f"Model `{audit['model']}` at `{audit['base_url']}`, against "
        f"{', '.join(f'`{path}`' for path in audit['gold'])}: {audit['sentences']:,} sentences, "
        f"{audit['answered']:,} answered, {rejected:,} without a valid answer"
        f"{f' ({reasons})' if reasons else ''}. {audit['shown_in_prompt']:,} gold sentences whose "
        "labels the prompt gives were left out. In brackets 95% intervals that resample articles; "
        "a dash stands where there is nothing to compute from: audit.json has the reason."
    )
    yield "## How far it is right"
    yield _scores([row for row in audit["scores"] if "f_polar" in row], "f_polar")
    yield "## Sentiment"
    yield _scores([row for row in audit["scores"] if "f_polar" not in row], None)
    yield "## Bias towards neutral"
    yield (
        "Share of rows answered `neutral` less the share that are so in gold, and how many rows "
        "with a position (a tone, of the sentiment) are called neutral."
    )
    yield _bias(audit["scores"])
    yield "## What answers hang on"
    yield "Share of answers that change. What changes when the same is asked again is chance."
    yield _flips(audit["flips"])
    yield "## What it takes"
    yield _cost(audit)


def _scores(rows: Sequence[AuditScore], polar: str | None) -> str:
    header = ["language", "task", "n", "articles"] + ([polar] if polar else []) + ["macro_f1"]
    lines = []
    for row in rows:
        line = [row["lang"], row["task"], f"{row['n']:,}", f"{row['articles']:,}"]
        if polar:
            low, high = row.get("f_polar_low"), row.get("f_polar_high")
            line.append(_number(row.get("f_polar"), low, high))
        line.append(_number(row["macro_f1"], row["macro_f1_low"], row["macro_f1_high"]))
        lines.append(line)
    return markdown_table(header, lines)


def _bias(rows: Sequence[AuditScore]) -> str:
    header = ["language", "task", "neutral in gold", "answered", "bias", "called neutral", "of"]
    return markdown_table(
        header,
        (
            [
                row["lang"],
                row["task"],
                _number(row["neutral_gold"]),
                _number(row["neutral_answered"]),
                _number(row["neutral_bias"], row["neutral_bias_low"], row["neutral_bias_high"]),
                _number(row["missed"]),
                f"{row['n_missed']:,}",
            ]
            for row in rows
        ),
    )


def _flips(rows: Sequence[AuditFlip]) -> str:
    return markdown_table(
        ["asked otherwise", "language", "task", "n", "articles", "changed"],
        (
            [
                _VARIANTS[row["variant"]],
                row["lang"],
                "all targets" if row["task"] == ALL else row["task"],
                f"{row['n']:,}",
                f"{row['articles']:,}",
                _number(row["flipped"], row["low"], row["high"]),
            ]
            for row in rows
        ),
    )


def _cost(audit: Audit) -> str:
    cost = audit["cost"]
    counted = "counted by the endpoint" if cost["is_counted"] else "estimated, 3 bytes each"
    rows = [
        [f"tokens of prompts, {counted}", f"{cost['prompt_tokens_per_1000']:,.0f}"],
        [f"tokens of answers, {counted}", f"{cost['answer_tokens_per_1000']:,.0f}"],
        [f"time, {cost['concurrency']} requests at once", duration(cost["seconds_per_1000"])],
        ["cost", money(cost["cost_per_1000"])],
    ]
    return markdown_table(["", "per 1,000 sentences"], rows)


def _number(value: float | None, low: float | None = None, high: float | None = None) -> str:
    if value is None:
        return "-"
    interval = "" if low is None or high is None else f" [{low:.3f}, {high:.3f}]"
    return f"{value:.3f}{interval}"
