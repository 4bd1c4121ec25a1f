"""An exported model: ONNX and a tokenizer, no torch."""

import hashlib
import json
import mmap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import SENTIMENT_TASK, Sentence, tasks_for
from training.data.marks import Mark, mark_tokens
from training.export.artifact import (
    EXPORT_FILE,
    EXPORT_VERSION,
    INFERENCE_FILES,
    ONNX_FILE,
    TOKENIZER_FILE,
    ExportDescription,
    inputs_of,
    open_session,
)
from training.inference.parts import join_parts, spans_of
from training.inference.records import Answer, Labels

if TYPE_CHECKING:  # the names are looked for by what is imported when a model is opened
    from labels.targets import Mention

MODEL_FILE = "model.json"  # marks a model folder, which is no export

Probabilities = dict[str, NDArray[np.float32]]  # over the classes of a task, by the task's key


class StanceModel:
    """An exported model."""

    def __init__(self, folder: str | Path, threads: int = 0) -> None:
        """Load the export and verify its checksums.

        Args:
            folder: Export folder.
            threads: Processor threads; 0 takes as many as there are cores.

        Raises:
            ConfigError: The folder is no export.
            DataError: A file of it was changed or is missing, or it is of another version.
        """
        folder = Path(folder)
        self.description, self.export_hash = read_description(folder)
        self.targets = [target["key"] for target in self.description["targets"]]
        self.tasks = tasks_for(self.targets)
        # Hashing a mapped file is one call that leaves the interpreter free, unlike reading it by
        # the piece: it goes on while session and tokenizer, which leave it less, are opened.
        contents = {folder / name: _content(folder / name) for name in INFERENCE_FILES}
        with ThreadPoolExecutor() as pool:
            sums = {
                file: pool.submit(hashlib.sha256, content) for file, content in contents.items()
            }
            session = pool.submit(open_session, folder / ONNX_FILE, threads)
            tokenizer = pool.submit(Tokenizer.from_file, str(folder / TOKENIZER_FILE))
            # Only here, as few of those who import this module open a model.
            from training.inference.mentions import MentionFinder

            self._mentions = MentionFinder(self.description["targets"])
        # A changed file may also fail to open, but it is the checksum that says why.
        for file, digest in sums.items():
            expected = self.description.get("sha256", {}).get(file.name)
            found = digest.result().hexdigest()
            if found != expected:
                raise DataError(f"{file}: expected SHA-256 {expected}, found {found}")
        self._session = session.result()
        self._tokenizer = tokenizer.result()
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._frame = Frame.of(self._tokenizer, self.description["prefix"])

    def find_mentions(self, sentences: Sequence[Sentence]) -> list[list["Mention"]]:
        """Find where the sentences of an article, in reading order, name the targets."""
        return self._mentions.in_article(sentences)

    def __call__(
        self,
        sentences: Sequence[str],
        batch_size: int = 32,
        mentions: Sequence[Sequence["Mention"]] | None = None,
    ) -> list[Labels]:
        """Label sentences.

        Args:
            sentences: Plain text, one sentence each.
            batch_size: Sentences a batch; batches hold sentences of similar length.
            mentions: Where each sentence names a target, as `find_mentions` gives it; without them
                they are looked for in each sentence alone.

        Returns:
            One ``{"stance": {target: {"label", "probabilities"}}, "sentiment": {...}}`` each, in
            order; ``label`` is the most probable class. A sentence longer than the model reads at
            once is scored in parts, and says how many in ``parts``.
        """
        prefix = self.description["prefix"]
        encodings = self._tokenizer.encode_batch([prefix + text for text in sentences])
        if mentions is None:
            mentions = [self._mentions.in_sentence(text) for text in sentences]
        numbers = {target: number for number, target in enumerate(self.targets)}
        parts: list[list[Part]] = []
        for encoding, named in zip(encodings, mentions, strict=True):
            spans = [
                (numbers[target], start, end) for target, start, end in named if target in numbers
            ]
            marks = mark_tokens(encoding.offsets, spans, len(prefix)) if spans else []
            parts.append(self._frame.parts(encoding.ids, marks, self.description["max_tokens"]))
        scored = iter(self._score([part for own in parts for part in own], batch_size))
        return [self._labels([next(scored) for _ in own]) for own in parts]

    def _score(self, rows: Sequence["Part"], batch_size: int) -> list[Probabilities]:
        """Return the probabilities of every task, by its key, for each row of tokens, in order."""
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i].ids))
        results: dict[int, Probabilities] = {}
        for start in range(0, len(order), batch_size):
            indices = order[start : start + batch_size]
            results |= zip(indices, self._score_batch([rows[i] for i in indices]), strict=True)
        return [results[i] for i in range(len(rows))]

    def _score_batch(self, rows: Sequence["Part"]) -> list[Probabilities]:
        inputs = inputs_of(
            [row.ids for row in rows],
            [row.marks for row in rows],
            self.description["pad_id"],
            len(self.targets),
        )
        schemes = list(self.description["schemes"])
        logits = self._session.run(schemes, inputs)
        results: list[Probabilities] = [{} for _ in rows]
        for name, values in zip(schemes, logits, strict=True):
            keys = [task.key for task in self.tasks if task.scheme.name == name]
            for found, by_task in zip(results, softmax(values), strict=True):
                found |= zip(keys, by_task, strict=True)
        return results

    def _labels(self, parts: Sequence[Probabilities]) -> Labels:
        """Answer every task about a sentence from the probabilities of its parts."""
        answers = {
            task.key: _answer_of(
                task.classes,
                parts[0][task.key]
                if len(parts) == 1
                else join_parts(task.scheme, [part[task.key] for part in parts]),
            )
            for task in self.tasks
        }
        labels = Labels(
            stance={target: answers[target] for target in self.targets},
            sentiment=answers[SENTIMENT_TASK.key],
        )
        if len(parts) > 1:
            labels["parts"] = len(parts)
        return labels


class Part(NamedTuple):
    """A row of tokens that is scored at once."""

    ids: Sequence[int]
    marks: Sequence[Mark]  # tokens of it that name a target


@dataclass(frozen=True)
class Frame:
    """The tokens around every sentence: special ones, and those of the prefix."""

    n_before: int
    n_after: int

    @classmethod
    def of(cls, tokenizer: Tokenizer, prefix: str) -> Self:
        """Learn how many tokens stand before and after a sentence."""
        encoding = tokenizer.encode(prefix.strip())
        special = encoding.special_tokens_mask
        n_after = special[::-1].index(0) if 0 in special else len(special) // 2
        return cls(len(special) - n_after, n_after)

    def parts(self, ids: Sequence[int], marks: Sequence[Mark], max_tokens: int) -> list[Part]:
        """Cut a tokenised sentence into parts of at most ``max_tokens``, each with its frame."""
        if len(ids) <= max_tokens:
            return [Part(ids, marks)]
        end = len(ids) - self.n_after
        before, after = range(self.n_before), range(end, len(ids))
        room = max_tokens - self.n_before - self.n_after
        return [
            _part([*before, *range(self.n_before + i, self.n_before + j), *after], ids, marks)
            for i, j in spans_of(end - self.n_before, room)
        ]


def _part(kept: Sequence[int], ids: Sequence[int], marks: Sequence[Mark]) -> Part:
    places = {token: place for place, token in enumerate(kept)}
    return Part(
        [ids[token] for token in kept],
        [Mark(places[token], target) for token, target in marks if token in places],
    )


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits into probabilities over the last axis."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities: NDArray[np.float32] = raised / raised.sum(-1, keepdims=True)
    return probabilities


def _answer_of(classes: Sequence[str], probabilities: NDArray[np.float32]) -> Answer:
    return Answer(
        label=classes[int(probabilities.argmax())],
        probabilities={
            name: round(float(probability), 6)
            for name, probability in zip(classes, probabilities, strict=True)
        },
    )


def read_description(folder: Path) -> tuple[ExportDescription, str]:
    """Read what an export says about itself, without a look at its other files.

    Returns:
        The content of ``export.json``, and its SHA-256, which names the export.

    Raises:
        ConfigError: The folder is no export.
        DataError: It is of another version.
    """
    path = folder / EXPORT_FILE
    if not path.is_file():
        raise ConfigError(f"model: {folder}: {_why_no_export(folder)}")
    content = path.read_bytes()
    try:
        description: ExportDescription = json.loads(content)
    except ValueError as error:  # no UTF-8 or no JSON
        raise DataError(f"{path}: expected the JSON of an export: {error}") from error
    found = description.get("version") if isinstance(description, dict) else None
    if found != EXPORT_VERSION:
        raise DataError(
            f"{path}: expected an export of version {EXPORT_VERSION}, found {found}; "
            "export the model again"
        )
    return description, hashlib.sha256(content).hexdigest()


def _content(path: Path) -> mmap.mmap | bytes:
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:  # which cannot be mapped
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        raise DataError(f"{path}: expected a file of the export, found none") from error


def _why_no_export(folder: Path) -> str:
    if not folder.is_dir():
        return "expected an export folder, found none; run `make run`, or export_model, first"
    if (folder / MODEL_FILE).is_file():
        return (
            "expected an export folder, found a model folder; export it first: "
            f"python scripts/export_model.py model='{folder}' output=EXPORT_DIR"
        )
    return f"expected an export folder with {EXPORT_FILE}; export_model writes one"
