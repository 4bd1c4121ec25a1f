"""The model card of an export, written from its metrics."""

from collections.abc import Mapping
from typing import Any

from labels.schema import STANCES


def model_card(description: Mapping[str, Any], metrics: Mapping[str, Any], name: str) -> str:
    """Write the card as Markdown.

    Args:
        description: The content of ``export.json``.
        metrics: The content of ``metrics.json``.
        name: Name of the export.
    """
    manifest = description["manifest"]
    training = manifest["training"]
    lines = [
        f"# sikap model `{name}`",
        "",
        "Labels each sentence of a news article in Indonesian, Arabic, Russian or English with the",
        "stance it expresses towards each target, and with its sentiment.",
        "",
        "| | |",
        "|---|---|",
        f"| backbone | {manifest['backbone']['name']} |",
        f"| classifier | {manifest['classifier']['kind']} |",
        f"| stances | {', '.join(description['stances'])} |",
        f"| sentiments | {', '.join(description['sentiments'])} |",
        f"| trained on | {training['train_sentences']} sentences, epoch {training['best_epoch']} "
        f"of {training['epochs']}, seed {training['seed']} |",
        f"| ONNX against torch | every logit within {description['parity']['below']:.0e} "
        f"on {description['parity']['sentences']} sentences |",
        "",
        "## Targets",
        "",
    ]
    lines += [
        f"- `{key}` ({target['name']}): {target['description']}"
        for key, target in manifest["targets"]
    ]
    for part, scores in metrics.items():
        if part != "model" and scores:
            lines += ["", f"## Scores on {part}", "", *_scores(scores)]
    lines += [
        "",
        "## Limits",
        "",
        "- Sentences are judged one by one: a pronoun whose noun stands in another sentence is "
        "often missed.",
        "- The dev part chose the checkpoint, so its figures are somewhat too high.",
        "- The labels were given by the annotators named in the training data, not by the people "
        "spoken of. Do not use this model to judge a person.",
        "- Other languages, and targets that were not trained, are untested.",
        "",
    ]
    return "\n".join(lines)


def _scores(scores: Mapping[str, Any]) -> list[str]:
    low, high = scores["f_polar_pooled_low"], scores["f_polar_pooled_high"]
    interval = f", 95% interval {low:.3f} to {high:.3f} by article" if low is not None else ""
    lines = [
        f"{scores['sentences']} sentences of {scores['groups']} articles. `f_polar_pooled` "
        f"{_cell(scores['f_polar_pooled'])}{interval}; `macro_f1_pooled` "
        f"{_cell(scores['macro_f1_pooled'])}; `sentiment_macro_f1` "
        f"{_cell(scores['sentiment_macro_f1'])} (n {scores['sentiment']['n']}).",
        "",
        "| rows of | n | f_polar | macro_f1 | " + " | ".join(f"{s} F1 (n)" for s in STANCES) + " |",
        "|---|---|---|---|" + "---|" * len(STANCES),
    ]
    rows = [("all targets", scores["pooled"])]
    rows += [*scores["targets"].items(), *scores["languages"].items()]
    for name, part in rows:
        classes = (f"{_cell(part['f1'][s])} ({part['n_gold'][s]})" for s in STANCES)
        cells = (str(part["n"]), _cell(part["f_polar"]), _cell(part["macro_f1"]), *classes)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
