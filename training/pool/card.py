"""The page of a pool: what it is, how much each part counts, what it does not tell."""

from labels.pipeline.markdown import markdown_table
from training.export.artifact import MODEL_PART, RULES_PART, PoolDescription

_USE = """```
python scripts/predict_stance.py input=ARTICLES output=stance.jsonl model=FOLDER
```

```python
from training.inference import open_model

pool = open_model("FOLDER")
pool.predict(["The OIC welcomed the ceasefire in Gaza."])
```"""


def pool_card(description: PoolDescription, name: str) -> str:
    """Write the page.

    Args:
        description: The content of ``export.json``.
        name: Name of the export.
    """
    chosen = description["chosen_on"]
    targets = [
        f"- `{target['key']}` ({target.get('name', target['key'])}): {target['description']}"
        for target in description["targets"]
    ]
    rows = [
        (
            scheme,
            f"{choice['weight']:.2f}",
            ", ".join(f"{label} {bias:+.2f}" for label, bias in choice["bias"].items()) or "none",
            *(f"{chosen['scores'][scheme][part]:.3f}" for part in ("model", "rules", "pool")),
            f"{chosen['scores'][scheme]['answers']:,}",
        )
        for scheme, choice in description["pooled"].items()
    ]
    header = ("", "weight of the model", "bias", "model", "rules", "pool", "n")
    sections = [
        f"# sikap pool `{name}`",
        "Labels each sentence of a news article in Indonesian, Arabic, Russian or English with\n"
        "the stance it expresses towards each target and its sentiment. A trained model and\n"
        "labelling functions answer, and their probabilities are pooled:\n"
        "log p = w log p(model) + (1 - w) log p(rules) + bias.",
        _USE,
        "## How much each counts",
        markdown_table(header, rows),
        f"Chosen on {chosen['sentences']} gold sentences of {chosen['articles']} articles, in "
        f"{chosen['folds']} folds of articles (seed {chosen['seed']}).\nScores are `f_polar` of "
        "stances and macro F1 of sentiment there; that of the pool is of answers by weights "
        "that\nthe other folds chose.",
        "## Targets",
        "\n".join(targets),
        "## Limits",
        f"- `{MODEL_PART}/` and `{RULES_PART}/` are exports of their own; a program with other "
        "labelling functions refuses the folder.\n"
        "- Whose stance it is, and how it is expressed, the model alone tells.\n"
        "- Probabilities were not calibrated: with `abstain_risk` every answer is marked.",
    ]
    return "\n\n".join(sections) + "\n"
