"""The tables of a run, for the terminal and for the page."""

from collections.abc import Sequence

from labels.pipeline.markdown import markdown_table
from training.inference.speed.results import Speed, Spread, StepRecord

SPEEDS = ("", "sentences/s", "of stock, default", "of stock, best", "share of peak")
COSTS = ("", "p50 ms", "p99 ms", "memory MiB", "disk MB")
PEAKS = ("format", "billion operations/s", "by", "matrices")
STEPS = ("step", "articles/s", "sentences/s", "share of time")


def speed_rows(speed: Speed) -> list[tuple[str, ...]]:
    """Say how fast each way to label sentences is."""
    return [
        (
            way["name"],
            _spread(way["sentences_per_second"], 1),
            _spread(way["beside_default"], 1),
            _spread(way["beside_best"], 1),
            _spread(way["share_of_peak"], 2),
        )
        for way in speed["ways"]
    ]


def cost_rows(speed: Speed) -> list[tuple[str, ...]]:
    """Say how long each way takes for one sentence, and how much room it needs."""
    return [
        (
            way["name"],
            _number(way["p50_milliseconds"], 1),
            _number(way["p99_milliseconds"], 1),
            _number(way["peak_mib"], 0),
            _number(way["megabytes"], 1),
        )
        for way in speed["ways"]
    ]


def peak_rows(speed: Speed) -> list[tuple[str, ...]]:
    """Give a row for each number format."""
    return [
        (
            peak["format"],
            _spread(peak["gigaops_per_second"], 1),
            peak["by"],
            f"{peak['size']} x {peak['size']}",
        )
        for peak in speed["peaks"]
    ]


def step_rows(steps: Sequence[StepRecord]) -> list[tuple[str, ...]]:
    """Give a row for each step, and one for all of them one after the other."""
    costs = [1 / step["articles_per_second"] for step in steps]
    rows = [
        (
            step["name"],
            _rate(step["articles_per_second"]),
            "-" if step["sentences_per_second"] is None else _rate(step["sentences_per_second"]),
            f"{cost / sum(costs):.1%}",
        )
        for step, cost in zip(steps, costs, strict=True)
    ]
    return [*rows, ("all, one after the other", _rate(1 / sum(costs)), "-", "100.0%")]


def page_text(speed: Speed, picture: str) -> str:
    """Write the page.

    Args:
        speed: All that was measured.
        picture: Name of the picture, which lies beside the page.
    """
    machine, tried = speed["machine"], speed["stock_tried"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    sizes = ", ".join(f"{size}: {rate:.1f}" for size, rate in tried.items())
    return f"""# Inference here and the stock way

Written by `python scripts/benchmark_speed.py`; do not edit.

{machine["processor"]} ({", ".join(machine["instructions"]) or "instruction sets unknown"}),
threads: {machine["threads"]}; {versions}. Everything was measured once in each of
{speed["rounds"]} rounds, one after the other, for about {speed["seconds"]:g} s; nothing else should
have run. A figure is the median of the rounds, in brackets the least and the most. A ratio is that
of the medians, in brackets what single rounds give.

![Sentences a second]({picture})

{markdown_table(SPEEDS, speed_rows(speed))}

{markdown_table(COSTS, cost_rows(speed))}

- **sentences/s**: fully labelled, text in, records out: every target and the sentiment, holder and
  voice, for plain sentences of `{speed["input"]}` (seed {speed["seed"]}) that are handed over
  together. `torch` is the trained model as `score_model` asks it; it makes no records.
- **stock**: a sequence classifier that reads `target </s> sentence` for every target, and another
  that reads the sentence for its sentiment, through the text-classification pipeline of
  `transformers` in fp32, on the same backbone. Its heads are random: how long it takes does not
  depend on them. It finds neither holder nor voice. Its default is a batch size of 1. Each size was
  tried once to find the best, in sentences/s: {sizes}.
- **share of peak**: operations of matrix products a second, beside the most that this machine was
  seen to do in the number format of most of these products. Operations are those of the tokens of a
  sentence, not of padding. In `int8` the products of attention and the last ones of the heads stay
  in fp32; all are held against the peak of int8.
- **p50, p99**: of single sentences, each handed over alone; none are of the stock way.
- **memory**: the most that was resident in a process of its own, the interpreter and the libraries
  included; **disk**: the files that are needed, in millions of bytes.

What was labelled; tokens count the special ones and what stands before every sentence:

{_samples(speed)}

## What the machine does at best

Products of large square matrices, by whichever of the libraries is the fastest.

{markdown_table(PEAKS, peak_rows(speed))}

## From raw text to records

Each step by itself in one process, on articles drawn from the same input, once for about
{speed["seconds"]:g} s; scoring is that of `fp32` and takes all threads, as tokenising does; the
other steps take one. `predict_stance` does the first four in as many processes as there are cores,
while it scores and writes.

{markdown_table(STEPS, step_rows(speed["steps"]))}
"""


def _samples(speed: Speed) -> str:
    """Say how much each way has labelled."""
    rows = [
        (
            way["name"],
            f"{way['labelled']:,}",
            f"{way['sample']:,}",
            f"{way['tokens']:.1f}",
            _number(way["gigaops_per_sentence"], 2),
            f"{way['alone']:,}",
        )
        for way in speed["ways"]
    ]
    header = (
        "",
        "sentences labelled",
        "different ones",
        "tokens each",
        "billion operations each",
        "one by one",
    )
    return markdown_table(header, rows)


def _spread(found: Spread | None, digits: int) -> str:
    if found is None:
        return "-"
    low, middle, high = (f"{found[name]:.{digits}f}" for name in ("low", "median", "high"))
    return f"{middle} ({low}-{high})"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
