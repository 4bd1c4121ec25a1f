"""The texts that are measured on: some articles of the input, and some of their sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
from tokenizers import Tokenizer

from labels.ingest import Item, read_inputs
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject
from training.data.marks import in_sentence
from training.export.artifact import VARIANT_FILES, ExportDescription
from training.inference.parts import Frame, Part
from training.inference.processor import variants_of
from training.inference.reading import Reader
from training.inference.speed.settings import SpeedSettings

_READ = 20_000  # inputs that are drawn from, at most: the first ones


@dataclass(frozen=True)
class Sample:
    """Sentences in the order of their articles, with the number of tokens of each."""

    texts: list[str]
    lengths: list[list[int]]  # of each part that a sentence is read in; mostly there is one

    def even(self, n: int) -> Self:
        """Take ``n`` sentences, evenly from the shortest to the longest, in their order; or all.

        So few sentences are as long on average as many, and mixed as they come.
        """
        by_length = sorted(range(len(self.texts)), key=lambda i: sum(self.lengths[i]))
        n = min(n, len(by_length))
        kept = sorted(by_length[(2 * i + 1) * len(by_length) // (2 * n)] for i in range(n))
        return type(self)([self.texts[i] for i in kept], [self.lengths[i] for i in kept])

    @property
    def tokens(self) -> float:
        """Tokens of a sentence on average, special ones and prefix included."""
        return sum(map(sum, self.lengths)) / len(self.lengths)


def draw_articles(settings: SpeedSettings) -> list[Item]:
    """Draw inputs at random, in random order.

    Raises:
        ConfigError: The input does not exist.
    """
    items = list(islice(read_inputs([settings.input], settings.unit), _READ))
    order = np.random.default_rng(settings.seed).permutation(len(items))
    return [items[i] for i in order[: settings.articles]]


def sentences_of(
    items: Sequence[Item], description: ExportDescription, settings: SpeedSettings
) -> Sample:
    """Read inputs, and take some of their different sentences, evenly by length.

    Raises:
        DataError: There is none.
    """
    reader = Reader.of(description, settings.unit)
    readings = [one for item in items if not isinstance(one := reader.read(item), Reject)]
    found = (sentence.text for reading in readings for sentence in reading.sentences)
    texts = list(dict.fromkeys(found))  # one that comes again might be answered without a look
    if not texts:
        raise DataError(
            f"{settings.input}: expected sentences to label, found none in {len(items)} inputs"
        )
    return Sample(texts, token_counts(texts, description, settings.model)).even(settings.sentences)


def token_counts(
    texts: Sequence[str], description: ExportDescription, folder: Path
) -> list[list[int]]:
    """Count the tokens of sentences, by the parts that an export reads them in."""
    files = VARIANT_FILES[variants_of(description)[0]]
    tokenizer = Tokenizer.from_file(str(folder / files.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    prefix = description["prefix"]
    frame = Frame.of(tokenizer, prefix)
    rows = [
        Part(found.ids, [], in_sentence(found.offsets, len(prefix)), None)
        for found in tokenizer.encode_batch([prefix + text for text in texts])
    ]
    most = description["max_tokens"]
    return [[len(part.ids) for part in frame.parts(row, most)] for row in rows]
