"""What people are shown: the estimate before, and what came of it."""

from rich.console import Console
from rich.table import Table

from labels.annotator.estimate import Estimate, cost_of
from labels.annotator.records import Annotation
from labels.annotator.run import Outcome
from labels.annotator.settings import EndpointSettings


def show_estimate(
    console: Console, needed: Estimate, endpoint: EndpointSettings, budget: int | None
) -> None:
    """Say what the work takes, and on what that rests."""
    basis = f"what {needed.measured:,} earlier requests took"
    if not needed.measured:
        basis = "3 bytes a token and endpoint.expected_seconds, no request having been made"
    table = Table(show_header=False)
    tokens = needed.prompt_tokens + needed.answer_tokens
    table.add_row("sentences to ask about", f"{needed.texts:,}")
    table.add_row("requests", f"{needed.requests:,}")
    table.add_row("tokens of prompts", f"{needed.prompt_tokens:,}")
    table.add_row("tokens of answers", f"{needed.answer_tokens:,}")
    table.add_row("time", duration(needed.seconds))
    table.add_row("cost", money(needed.cost))
    if budget is not None:
        within = "enough" if tokens <= budget else f"for about {budget / tokens:.0%} of it"
        table.add_row("budget of tokens", f"{budget:,}: {within}")
    console.print(table)
    for line in (
        f"endpoint: {endpoint.base_url}, {endpoint.model}, {endpoint.concurrency} requests at once",
        f"estimated from {basis}",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def show_outcome(
    console: Console,
    report: Annotation,
    outcome: Outcome,
    endpoint: EndpointSettings,
    seconds: float,
) -> None:
    """Say what became of the sentences, and what it took."""
    table = Table(title=f"annotate_sentences: {duration(seconds)}")
    for name in ("task", "label", "votes"):
        table.add_column(name, justify="right" if name == "votes" else "left")
    for task, labels in report["votes"].items():
        for label, count in labels.items():
            table.add_row(task, label, f"{count:,}")
    console.print(table)
    lines = [
        f"{report['sentences']:,} sentences = {report['passed_over']:,} passed over + "
        f"{report['answered']:,} answered + {report['rejected']:,} rejected + "
        f"{report['left']:,} left",
        f"this run: {outcome.requests:,} requests, {outcome.prompt_tokens:,} tokens of prompts, "
        f"{outcome.answer_tokens:,} of answers, cost "
        f"{money(cost_of(endpoint, outcome.prompt_tokens, outcome.answer_tokens))}",
        *(f"rejected, {reason}: {count:,}" for reason, count in report["rejects"].items()),
    ]
    if outcome.stopped:
        lines.append(
            "the budget is spent; the same command goes on with the sentences that are left"
        )
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def duration(seconds: float) -> str:
    """Say how long: ``40 s``, ``3 min``, ``2.5 h``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def money(cost: float | None) -> str:
    """Say what it costs, in the currency of the prices."""
    if cost is None:
        return "not known: set endpoint.price_input and endpoint.price_output"
    return f"{cost:,.2f}"
