"""The page of an export of rules: what it is, what it was fitted on, what it does not tell."""

from collections.abc import Mapping

from labels.label_model.fitted import LabelModel
from labels.pipeline.markdown import markdown_table
from training.export.artifact import RulesDescription

_USE = """```
python scripts/predict_stance.py input=ARTICLES output=stance.jsonl model=FOLDER
```

```python
from training.inference import open_model

rules = open_model("FOLDER")
rules.predict(["The OIC welcomed the ceasefire in Gaza."])
```"""


def rules_card(description: RulesDescription, models: Mapping[str, LabelModel], name: str) -> str:
    """Write the page.

    Args:
        description: The content of ``export.json``.
        models: By scheme.
        name: Name of the export.
    """
    learned = description["learned_from"]
    targets = [
        f"- `{target['key']}` ({target.get('name', target['key'])}): {target['description']}"
        for target in description["targets"]
    ]
    sections = [
        f"# sikap rules `{name}`",
        "Labels each sentence of a news article in Indonesian, Arabic, Russian or English with\n"
        "the stance it expresses towards each target and its sentiment, by labelling functions\n"
        "whose votes a label model weighs. Nothing was trained.",
        _USE,
        "## What it is",
        f"Fitted on {learned['sentences']} sentences of {learned['articles']} articles; of the "
        f"sentences, {learned['anchors']} have gold that taught.\nThe functions are those of sikap "
        f"{description['sikap_version']}, edition `{description['fingerprint'][:12]}`; a program "
        "with others refuses this folder.",
        "## Targets",
        "\n".join(targets),
        "## Labelling functions",
        "A weight says how much of what a function says counts, beside the others that err alike.",
        *(_functions(scheme, model) for scheme, model in models.items()),
        "## Limits",
        "- Whose stance it is, and how it is expressed, rules do not tell: records have no "
        "`holder` and no `voice`.\n"
        "- Probabilities were not calibrated: with `abstain_risk` every answer is marked.\n"
        "- Sentences are judged one by one, by words that are listed; irony is read as written.",
    ]
    return "\n\n".join(sections) + "\n"


def _functions(scheme: str, model: LabelModel) -> str:
    rows = [
        (name, f"{weight:.2f}")
        for name, weight in zip(model.labellers, model.weights.tolist(), strict=True)
    ]
    return markdown_table((f"{scheme} ({model.kind.value})", "weight"), rows)
