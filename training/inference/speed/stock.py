"""What a user would do without this project: a stock classifier in a stock pipeline.

One sequence classifier reads ``target </s> sentence`` for every target of a sentence, another reads
the sentence for its sentiment, each through the text-classification pipeline of `transformers` in
fp32. The encoder has the weights of the backbone; the heads are random, which changes what is
answered and not how long it takes.
"""

import os
from collections.abc import Sequence

import torch
from transformers import Pipeline, pipeline

from labels.pipeline.schema import SENTIMENT, STANCE, Scheme
from training.inference.speed.contender import Contender
from training.inference.speed.operations import backbone_settings
from training.model.backbone import Backbone, load_backbone
from training.model.records import BackboneRecord, TargetDefinition
from training.speed.stock import stock_model, stock_tokenizer

_ATTENTION = "sdpa"  # what `transformers` takes where nobody chooses


class Stock(Contender):
    """Two stock pipelines, one asked once for each target, the other once."""

    def __init__(
        self,
        backbone: BackboneRecord,
        targets: Sequence[TargetDefinition],
        threads: int,
        batch_size: int,
        seed: int,
    ) -> None:
        """Build the pipelines.

        Args:
            backbone: That of the model that it is compared with.
            targets: Their descriptions are the questions.
            threads: Processor threads; 0 takes as many as there are cores.
            batch_size: Of the pipelines; 1 is their default.
            seed: Of the heads.
        """
        torch.set_num_threads(threads or os.cpu_count() or 1)
        loaded = load_backbone(backbone_settings(backbone))
        self._prefix, self._max_tokens = backbone["prefix"], backbone["max_tokens"]
        self._questions = [self._prefix + target["description"] for target in targets]
        self._stance = _pipeline(loaded, STANCE, seed)
        self._sentiment = _pipeline(loaded, SENTIMENT, seed)
        self._batch_size = batch_size

    def use(self, batch_size: int) -> None:
        """Take another batch size from now on."""
        self._batch_size = batch_size

    def label(self, sentences: Sequence[str]) -> int:
        """Ask for the stance towards each target, and for the sentiment."""
        texts = [self._prefix + text for text in sentences]
        pairs = [
            {"text": question, "text_pair": text} for text in texts for question in self._questions
        ]
        n_stances = self._ask(self._stance, pairs)
        return min(n_stances // len(self._questions), self._ask(self._sentiment, texts))

    def megabytes(self) -> None:
        """Say nothing: it is on no disk."""

    def _ask(self, stock: Pipeline, asked: Sequence[object]) -> int:
        """Put questions to a pipeline, and count the answers that have every class."""
        answers = stock(
            asked,
            batch_size=self._batch_size,
            top_k=None,
            truncation=True,
            max_length=self._max_tokens,
        )
        return sum(len(answer) == stock.model.config.num_labels for answer in answers)


def _pipeline(backbone: Backbone, scheme: Scheme, seed: int) -> Pipeline:
    model = stock_model(backbone, scheme, seed, _ATTENTION).train(False)
    tokenizer = stock_tokenizer(backbone)
    return pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu")
