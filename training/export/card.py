"""The model card of an export, written from its scores."""

from labels.metrics.f1 import Scores
from labels.metrics.records import Metrics, SplitScores
from labels.pipeline.markdown import markdown_table
from labels.pipeline.schema import STANCES
from training.export.artifact import ExportDescription
from training.export.card_data import card_data

_USE = """## Use it

This folder is all that is needed, with three packages:

```
pip install numpy onnxruntime tokenizers
python stance.py --lang en "The OIC welcomed the ceasefire in Gaza."
```

```python
import sys
sys.path.insert(0, "path/of/this/folder")
from stance import StanceModel
model = StanceModel()
model(["The OIC welcomed the ceasefire in Gaza."], langs=["en"])
```

Sentences are taken as they are. Articles are cleaned and split by the program that wrote this
folder: `python scripts/predict_stance.py input=ARTICLES output=stance.jsonl model=FOLDER`;
`record.schema.json` describes each line of its output."""


def model_card(description: ExportDescription, scores: Metrics, name: str) -> str:
    """Write the card as Markdown, with the block of YAML that a model hub reads.

    Args:
        description: The content of ``export.json``.
        scores: What ``score_model`` wrote; a split that has no examples is left out.
        name: Name of the export.
    """
    training, parity = description["training"], description["parity"]
    fitted = description["calibration"]
    facts = [
        ("backbone", description["backbone"]["name"]),
        ("classifier", description["classifier"]["kind"]),
        *((scheme, ", ".join(classes)) for scheme, classes in description["schemes"].items()),
        (
            "trained on",
            f"{training['train_sentences']} sentences, epoch {training['best_epoch']} "
            f"of {training['epochs']}, seed {training['seed']}",
        ),
        (
            "ONNX against torch",
            f"every logit within {parity['below']:.0e} on {parity['sentences']} sentences",
        ),
        ("variant fp32", "exact: these logits"),
        *(
            (
                f"variant {name}",
                f"{variant['megabytes']:.0f} MB; of {variant['sentences']} sentences' answers "
                f"{min(variant['agreement'].values()):.1%} at least are the same in each language; "
                f"f_polar falls by {max(variant['f_polar_loss'].values(), default=0):.3f} at most",
            )
            for name, variant in description["variants"].items()
        ),
        *((f"variant {name}", f"left out: {why}") for name, why in description["refused"].items()),
        (
            "probabilities",
            f"scaled by task and language, on {fitted['sentences']} sentences of {fitted['split']}",
        ),
    ]
    targets = [
        f"- `{target['key']}` ({target.get('name', target['key'])}): {target['description']}"
        for target in description["targets"]
    ]
    sections = [
        f"---\n{card_data(description, scores, name)}\n---",
        f"# sikap model `{name}`",
        "Labels each sentence of a news article in Indonesian, Arabic, Russian or English with\n"
        "the stance it expresses towards each target, whose stance that is, and its sentiment.",
        _USE,
        "## What it is",
        markdown_table(("what", "which"), facts),
        "## Targets",
        "\n".join(targets),
    ]
    for split, found in scores["splits"].items():
        if found is not None:
            sections += [f"## Scores on {split}", *_scores(found)]
    sections += [
        "## Limits",
        "- Sentences are judged one by one: a pronoun whose noun stands in another sentence is "
        "often missed.\n"
        "- The dev split chose the checkpoint, so its figures are somewhat too high.\n"
        "- The labels were given by the annotators named in the training data, not by the people "
        "spoken of. Do not use this model to judge a person.\n"
        "- Other languages, and targets that were not trained, are untested.",
    ]
    return "\n\n".join(sections) + "\n"


def _scores(found: SplitScores) -> list[str]:
    whose = found["attribution"]
    low, high = found["f_polar_pooled_low"], found["f_polar_pooled_high"]
    interval = f", 95% interval {low:.3f} to {high:.3f} by article" if low is not None else ""
    lines: list[tuple[str, Scores]] = [("all targets", found["pooled"])]
    lines += [*found["targets"].items(), *found["languages"].items()]
    return [
        f"{found['sentences']} sentences of {found['groups']} articles. `f_polar_pooled` "
        f"{_cell(found['f_polar_pooled'])}{interval}; `macro_f1_pooled` "
        f"{_cell(found['macro_f1_pooled'])}; `sentiment_macro_f1` "
        f"{_cell(found['sentiment_macro_f1'])} (n {found['sentiment']['n']}). "
        f"Of the positions, the holder is right in {_cell(whose['holder_right'])} "
        f"(n {whose['holders']}), the voice in {_cell(whose['voice_right'])} "
        f"(n {whose['voices']}).",
        markdown_table(
            ("rows of", "n", "f_polar", "macro_f1", *(f"{name} F1 (n)" for name in STANCES)),
            [
                (
                    name,
                    str(line["n"]),
                    _cell(line["f_polar"]),
                    _cell(line["macro_f1"]),
                    *(
                        f"{_cell(line['f1'][stance])} ({line['n_gold'][stance]})"
                        for stance in STANCES
                    ),
                )
                for name, line in lines
            ],
        ),
    ]


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
