"""What a user would do without this project: a stock classifier trained with the stock Trainer.

One sequence classifier reads ``target </s> sentence`` for every target of a sentence, another reads
the sentence for its sentiment. All settings of the training are the defaults of
`transformers.TrainingArguments`.
"""

import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset
from transformers import (
    AutoModelForSequenceClassification,
    DataCollatorWithPadding,
    PreTrainedModel,
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
    model = stock_model(loaded, scheme, seed)
    tokenizer = stock_tokenizer(loaded)
    rows = _rows(scheme, train, targets, loaded, backbone.prefix)
    arguments = TrainingArguments(
        output_dir=str(folder),
        seed=seed,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        logging_strategy="no",
    )
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


def stock_model(
    backbone: Backbone, scheme: Scheme, seed: int, attention: str | None = None
) -> PreTrainedModel:
    """Put a sequence classifier with a head of random weights on a copy of a backbone.

    Args:
        backbone: Its own encoder stays as it is.
        scheme: Of the classes.
        seed: Of the weights that are added.
        attention: How attention is computed, by its name in `transformers`; None: as the backbone.
    """
    torch.manual_seed(seed)
    config = deepcopy(backbone.model.config)
    config.num_labels = len(scheme.classes)
    chosen = {} if attention is None else {"attn_implementation": attention}
    model: PreTrainedModel = AutoModelForSequenceClassification.from_config(config, **chosen)  # type: ignore[no-untyped-call]
    model.base_model.load_state_dict(backbone.model.state_dict(), strict=False)  # but its pooler
    return model


def stock_tokenizer(backbone: Backbone) -> PreTrainedTokenizerFast:
    """Wrap the tokenizer of a backbone as `transformers` has them."""
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=backbone.tokenizer, model_input_names=["input_ids", "attention_mask"]
    )
    tokenizer.pad_token = tokenizer.convert_ids_to_tokens(backbone.pad_id)
    return tokenizer


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
