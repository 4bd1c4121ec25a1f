"""What a user would do without this project: a stock classifier trained with the stock Trainer.

One sequence classifier reads ``target </s> sentence`` for every target of a sentence, another reads
the sentence for its sentiment. All settings of the training are the defaults of
`transformers.TrainingArguments`.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    DataCollatorWithPadding,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
)

from labels.pipeline.schema import SENTIMENT, Scheme
from labels.pipeline.tables import Row
from training.data.examples import labels_of
from training.model.backbone import Backbone, load_backbone
from training.model.records import TargetDefinition
from training.model.settings import BackboneSettings


@dataclass(frozen=True)
class StockRun:
    """A stock model that was trained and has answered."""

    seconds: float  # of training
    epochs: int
    rows: int  # of training: sentences, or sentences times targets
    gold: list[int]  # class ids of the scored rows
    predicted: list[int]  # the same, in their order


class Rows(Dataset[dict[str, object]]):
    """Tokenised rows as the Trainer reads them."""

    def __init__(self, ids: Sequence[list[int]], labels: Sequence[int]) -> None:
        """Take token ids and class ids."""
        self.ids, self.labels = ids, labels

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.ids)

    def __getitem__(self, index: int) -> dict[str, object]:
        """Return a row."""
        return {"input_ids": self.ids[index], "labels": self.labels[index]}


def train_stock(
    scheme: Scheme,
    train: Sequence[Row],
    scored: Sequence[Row],
    targets: Sequence[TargetDefinition],
    backbone: BackboneSettings,
    folder: Path,
    seed: int,
) -> StockRun:
    """Train a stock classifier for one scheme with the Trainer's defaults, and let it answer.

    Args:
        scheme: Stances, asked once for each target, or sentiments.
        train: Rows of the table ``splits``.
        scored: The same.
        targets: Their descriptions are the questions.
        backbone: The encoder begins with its weights; what the classifier adds is random.
        folder: For the Trainer, which writes nothing of use there.
        seed: Of the weights that are added, and of the order.
    """
    loaded = load_backbone(backbone)
    torch.manual_seed(seed)
    config = loaded.model.config
    config.num_labels = len(scheme.classes)
    model = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
    model.base_model.load_state_dict(loaded.model.state_dict(), strict=False)  # but its pooler
    rows = _rows(scheme, train, targets, loaded, backbone.prefix)
    arguments = TrainingArguments(
        output_dir=str(folder),
        seed=seed,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        logging_strategy="no",
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=loaded.tokenizer)  # type: ignore[no-untyped-call]
    tokenizer.pad_token = tokenizer.convert_ids_to_tokens(loaded.pad_id)
    collate = DataCollatorWithPadding(tokenizer)
    trainer = Trainer(model=model, args=arguments, train_dataset=rows, data_collator=collate)
    begin = time.monotonic()
    trainer.train()
    seconds = time.monotonic() - begin
    asked = _rows(scheme, scored, targets, loaded, backbone.prefix)
    logits = np.asarray(trainer.predict(asked).predictions)
    return StockRun(
        seconds=seconds,
        epochs=round(arguments.num_train_epochs),
        rows=len(rows),
        gold=list(asked.labels),
        predicted=logits.argmax(-1).tolist(),
    )


def _rows(
    scheme: Scheme,
    rows: Sequence[Row],
    targets: Sequence[TargetDefinition],
    backbone: Backbone,
    prefix: str,
) -> Rows:
    described = {target["key"]: target["description"] for target in targets}
    texts: list[str | tuple[str, str]] = []
    labels = []
    for row in rows:
        for key, label in labels_of(row).items():
            if (key == SENTIMENT.name) != (scheme == SENTIMENT):
                continue
            text = prefix + row["text"]
            texts.append(text if scheme == SENTIMENT else (prefix + described[key], text))
            labels.append(scheme.classes.index(label["label"]))
    encoded = backbone.tokenizer.encode_batch(texts)
    return Rows([encoding.ids for encoding in encoded], labels)
