"""The answers of a model to the items of the suite."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from labels.pipeline.errors import DataError
from labels.pipeline.files import sha256_of
from labels.pipeline.progress import Meter
from labels.pipeline.schema import STANCES
from labels.pipeline.tables import read_table
from training.behaviour.pairs import Item
from training.behaviour.rates import Answer
from training.behaviour.records import AskedModel
from training.inference import open_model

_CHUNK = 128  # sentences between two steps of the progress


def is_labels_table(model: Path) -> bool:
    """Tell a table of labels, as ``label_sentences`` writes it, from an export folder."""
    return model.suffix == ".parquet"


def ask_export(
    folder: Path, items: Sequence[Item], variant: str, threads: int, shown: Meter
) -> tuple[AskedModel, dict[str, Answer]]:
    """Ask an export, as ``predict_stance unit=sentence`` does.

    Raises:
        ConfigError: The folder is no export, or has no such variant.
        DataError: A file of it was changed, or it answers for none of a target of the items.
    """
    model = open_model(folder, threads, variant)
    for item in items:
        if item.target not in model.targets:
            raise DataError(
                f"{item.id}: target: expected one of {', '.join(model.targets)}, which {folder} "
                f"answers for, found {item.target}"
            )
    asked = AskedModel(name=str(folder), sha256=model.export_hash, variant=model.variant.value)
    answers: dict[str, Answer] = {}
    for chunk in _chunks(items):
        found = model([item.text for item in chunk], langs=[item.lang for item in chunk])
        for item, labels in zip(chunk, found, strict=True):
            stance = labels["stance"][item.target]
            answers[item.id] = Answer(stance["label"], stance["probabilities"])
        shown.advance(len(chunk))
    return asked, answers


def read_labels(
    table: Path, items: Sequence[Item], shown: Meter
) -> tuple[AskedModel, dict[str, Answer]]:
    """Look the items up in a table of labels of sentences that bear their ids.

    Raises:
        DataError: The table cannot be read, or has none of the items.
        OSError: There is no such file.
    """
    asked = AskedModel(name=str(table), sha256=sha256_of(table), variant=None)
    known = {
        (row["sentence_id"], row["target"]): Answer(
            row["label"], {name: round(row[f"p_{name}"], 6) for name in STANCES}
        )
        for row in read_table(table, "labels")
    }
    answers = {
        item.id: known.get((f"{item.id}#0", item.target), Answer(None, None)) for item in items
    }
    if all(answer.label is None for answer in answers.values()):
        raise DataError(
            f"{table}: expected labels of sentences such as {items[0].id}#0, found none; "
            "docs/behaviour.md says how to make them"
        )
    shown.advance(len(items))
    return asked, answers


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
