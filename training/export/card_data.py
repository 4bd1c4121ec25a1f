"""What a model hub reads of a card: the block of YAML that stands before its text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from labels.metrics.records import Metrics, SplitScores
from training.export.artifact import ExportDescription
from training.model.settings import EmbeddedSettings

if TYPE_CHECKING:
    from huggingface_hub import EvalResult

_TASK = "text-classification"
_EMBEDDED_BASE = "intfloat/multilingual-e5-small"  # whose weights the embedded backbone has


def card_data(description: ExportDescription, scores: Metrics, name: str) -> str:
    """Write the block, without the lines around it.

    What is not known is left out: figures where nothing was scored, the backbone where it was a
    local folder, and the licence where the backbone came from elsewhere.

    Args:
        description: The content of ``export.json``.
        scores: What ``score_model`` wrote.
        name: Name of the export.
    """
    from huggingface_hub import ModelCardData  # slow to import, and only for this

    splits = {split: found for split, found in scores["splits"].items() if found is not None}
    results = [one for split, found in splits.items() for one in _results(split, found)]
    is_embedded = description["backbone"]["kind"] == EmbeddedSettings.KIND
    data = ModelCardData(
        language=sorted({lang for found in splits.values() for lang in found["languages"]}) or None,
        license="apache-2.0" if is_embedded else None,
        library_name="onnx",
        pipeline_tag=_TASK,
        tags=["stance-detection", "sentiment-analysis", "news", "onnxruntime"],
        base_model=_EMBEDDED_BASE if is_embedded else _name_on_hub(description),
        metrics=["f1"] if results else None,
        model_name=f"sikap-{name}" if results else None,
        eval_results=results or None,
    )
    block: str = data.to_yaml()
    return block


def _results(split: str, found: SplitScores) -> Iterator["EvalResult"]:
    """Give the figures of a split that could be computed."""
    from huggingface_hub import EvalResult

    figures = {
        "f_polar_pooled (favor and against, rows of all targets)": found["f_polar_pooled"],
        "macro_f1_pooled (four stances, rows of all targets)": found["macro_f1_pooled"],
        "sentiment_macro_f1 (three sentiments)": found["sentiment_macro_f1"],
    }
    for figure, value in figures.items():
        if value is not None:
            yield EvalResult(
                task_type=_TASK,
                dataset_type="sikap-splits",
                dataset_name=f"{found['sentences']} sentences of {found['groups']} articles",
                dataset_split=split,
                metric_type="f1",
                metric_name=figure,
                metric_value=round(value, 4),
            )


def _name_on_hub(description: ExportDescription) -> str | None:
    """Name the backbone as the hub does; a local folder has no revision, and no such name."""
    backbone = description["backbone"]
    return backbone["name"] if dict(backbone).get("revision") else None
