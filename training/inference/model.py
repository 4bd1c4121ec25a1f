"""An exported model: ONNX and a tokenizer, no torch."""

import hashlib
import mmap
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from labels.metrics.calibration_file import temperature_for
from labels.pipeline.errors import DataError
from labels.pipeline.schema import (
    SENTIMENT_TASK,
    STANCES,
    Stance,
    tasks_for,
)
from training.contract.records import Holder, Labels, StanceAnswer
from training.data.attribution import (
    HOLDER,
    VOICE,
    Span,
    Spans,
    best_spans,
    pad_offsets,
    read_holder,
)
from training.data.marks import in_sentence, mark_tokens
from training.export.artifact import (
    VARIANT_FILES,
    ExportDescription,
    Variant,
    inputs_of,
    open_session,
)
from training.inference.description import read_description
from training.inference.parts import Frame, Part, speaking_part
from training.inference.processor import choose_variant
from training.inference.scorer import BATCH_TOKENS, Scorer, answer_of

if TYPE_CHECKING:  # the names are looked for by what is imported when a model is opened
    from labels.targets import Mention
    from training.inference.explain import Explanation

CHUNK_SENTENCES = 512  # labelled together, so that batches hold sentences of similar length

Probabilities = dict[str, NDArray[np.float32]]  # over the classes of a task, by the task's key


class Scored(NamedTuple):
    """What the graph says of a row of tokens."""

    probabilities: Probabilities
    holders: Spans  # first and last token, shape ``(targets, 2)``
    voices: NDArray[np.float32]  # logits, shape ``(targets, voices)``


class StanceModel(Scorer):
    """An exported network."""

    description: ExportDescription

    def __init__(self, folder: str | Path, threads: int = 0, variant: str = Variant.fp32) -> None:
        """Load the export and verify its checksums.

        Args:
            folder: Export folder.
            threads: Batches that are scored at a time, each by a thread; 0 takes as many as there
                are cores.
            variant: ``fp32``, exact, ``int8``, ``small``, or ``auto``, which takes what is faster
                on this processor.

        Raises:
            ConfigError: The folder is no export, or holds no such variant.
            DataError: A file of it was changed or is missing, or it is of another version.
        """
        folder = Path(folder)
        self.description, self.export_hash = read_description(folder)
        self.targets = [target["key"] for target in self.description["targets"]]
        self.tasks = tasks_for(self.targets)
        # Hashing a mapped file is one call that leaves the interpreter free, unlike reading it by
        # the piece: it goes on while session and tokenizer, which leave it less, are opened.
        self.variant = choose_variant(self.description, variant)
        files = VARIANT_FILES[self.variant]
        contents = {folder / name: _content(folder / name) for name in files.all}
        with ThreadPoolExecutor() as pool:
            sums = {
                file: pool.submit(hashlib.sha256, content) for file, content in contents.items()
            }
            session = pool.submit(open_session, folder / files.graph, 1)
            tokenizer = pool.submit(Tokenizer.from_file, str(folder / files.tokenizer))
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
        self._pool = ThreadPoolExecutor(threads or os.cpu_count())

    def __call__(
        self,
        sentences: Sequence[str],
        batch_tokens: int = BATCH_TOKENS,
        mentions: Sequence[Sequence["Mention"]] | None = None,
        langs: Sequence[str | None] | None = None,
        abstain_risk: float | None = None,
    ) -> list[Labels]:
        """Label sentences; see `Scorer`."""
        found = self.answer(sentences, batch_tokens, mentions, langs)
        for answer in (answer for labels in found for answer in labels["stance"].values()):
            if answer["label"] == Stance.unrelated:
                del answer["holder"], answer["voice"]
        if abstain_risk is not None:
            self._abstain(found, abstain_risk)
        return found

    def answer(
        self,
        sentences: Sequence[str],
        batch_tokens: int = BATCH_TOKENS,
        mentions: Sequence[Sequence["Mention"]] | None = None,
        langs: Sequence[str | None] | None = None,
    ) -> list[Labels]:
        """Label sentences, and give holder and voice where a sentence is unrelated, too."""
        known = [None] * len(sentences) if langs is None else langs
        if mentions is None:
            mentions = self._named_in(sentences, known)
        parts = self.tokenize(sentences, mentions, known)
        scored = iter(self._score([part for own in parts for part in own], batch_tokens))
        return [
            self._labels(text, own, [next(scored) for _ in own])
            for text, own in zip(sentences, parts, strict=True)
        ]

    def explain(self, sentence: str, target: str, lang: str | None = None) -> "Explanation":
        """Tell which words carry the stance of a sentence; see `Scorer`."""
        from training.inference.explain import explain

        return explain(self, sentence, target, lang)

    def probabilities(
        self, rows: Sequence[Part], target: str, batch_tokens: int = BATCH_TOKENS
    ) -> list[NDArray[np.float32]]:
        """Give the probabilities of the stances towards a target, for rows of tokens, in order."""
        return [found.probabilities[target] for found in self._score(rows, batch_tokens)]

    def speaking(
        self, sentence: str, target: str, lang: str | None
    ) -> tuple[Part, NDArray[np.float32]]:
        """Give the part of a sentence whose stance is the sentence's, and its probabilities."""
        (parts,) = self.tokenize([sentence], self._named_in([sentence], [lang]), [lang])
        found = self.probabilities(parts, target)
        chosen = 0 if len(parts) == 1 else speaking_part(found)
        return parts[chosen], found[chosen]

    def tokenize(
        self,
        sentences: Sequence[str],
        mentions: Sequence[Sequence["Mention"]],
        langs: Sequence[str | None],
    ) -> list[list[Part]]:
        """Tokenise sentences, and cut those that are too long to be read at once."""
        prefix = self.description["prefix"]
        encodings = self._tokenizer.encode_batch([prefix + text for text in sentences])
        numbers = {target: number for number, target in enumerate(self.targets)}
        parts: list[list[Part]] = []
        for encoding, named, lang in zip(encodings, mentions, langs, strict=True):
            spans = [
                (numbers[target], start, end) for target, start, end in named if target in numbers
            ]
            offsets = in_sentence(encoding.offsets, len(prefix))
            row = Part(encoding.ids, mark_tokens(offsets, spans), offsets, lang)
            parts.append(self._frame.parts(row, self.description["max_tokens"]))
        return parts

    def _score(self, rows: Sequence[Part], batch_tokens: int) -> list[Scored]:
        """Score each row of tokens, in order, each batch by a thread of its own.

        Threads that share the products of one batch wait for each other most of the time.
        """
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i].ids))
        batches: list[list[int]] = []
        start = 0
        while start < len(order):
            longest = len(rows[order[start]].ids)
            batches.append(order[start : start + max(1, batch_tokens // longest)])
            start += len(batches[-1])
        scored = self._pool.map(lambda batch: self._score_batch([rows[i] for i in batch]), batches)
        results = {
            i: found
            for batch, own in zip(batches, scored, strict=True)
            for i, found in zip(batch, own, strict=True)
        }
        return [results[i] for i in range(len(rows))]

    def _score_batch(self, rows: Sequence[Part]) -> list[Scored]:
        inputs = inputs_of(
            [row.ids for row in rows],
            [row.marks for row in rows],
            self.description["pad_id"],
            len(self.targets),
        )
        for number, row in enumerate(rows):
            inputs["attention_mask"][number, list(row.hidden)] = 0
        schemes = list(self.description["schemes"])
        *logits, holders, voices = self._session.run([*schemes, HOLDER, VOICE], inputs)
        results: list[Probabilities] = [{} for _ in rows]
        for name, values in zip(schemes, logits, strict=True):
            keys = [task.key for task in self.tasks if task.scheme.name == name]
            scaled = values / self._temperatures(keys, [row.lang for row in rows])[..., None]
            for found, by_task in zip(results, softmax(scaled), strict=True):
                found |= zip(keys, by_task, strict=True)
        inside = pad_offsets([row.offsets for row in rows], holders.shape[2])
        spans = best_spans(holders, inside)
        return [Scored(*found) for found in zip(results, spans, voices, strict=True)]

    def _temperatures(
        self, keys: Sequence[str], langs: Sequence[str | None]
    ) -> NDArray[np.float32]:
        """Give the temperature of each sentence and task, shape ``(n, tasks)``."""
        by_task = self.description["calibration"]["temperatures"]
        rows = [[temperature_for(by_task[key], lang) for key in keys] for lang in langs]
        return np.array(rows, np.float32)

    def _labels(self, text: str, parts: Sequence[Part], scored: Sequence[Scored]) -> Labels:
        """Answer every task about a sentence from what its parts say."""
        tones = [found.probabilities[SENTIMENT_TASK.key] for found in scored]
        labels = Labels(
            stance={
                target: self._stance(number, text, parts, scored)
                for number, target in enumerate(self.targets)
            },
            sentiment=answer_of(
                SENTIMENT_TASK.classes, tones[0] if len(tones) == 1 else np.mean(tones, axis=0)
            ),
        )
        if len(parts) > 1:
            labels["parts"] = len(parts)
        return labels

    def _stance(
        self, number: int, text: str, parts: Sequence[Part], scored: Sequence[Scored]
    ) -> StanceAnswer:
        """Answer for a target, by its number; holder and voice are those of the same part."""
        by_part = [found.probabilities[self.targets[number]] for found in scored]
        chosen = 0 if len(parts) == 1 else speaking_part(by_part)
        found = answer_of(STANCES, by_part[chosen])
        tokens = scored[chosen].holders[number]
        return StanceAnswer(
            label=found["label"],
            probabilities=found["probabilities"],
            holder=_holder_of(read_holder(tokens, text, parts[chosen].offsets), text),
            voice=self.description["voices"][int(scored[chosen].voices[number].argmax())],
        )


def _holder_of(span: Span | None, text: str) -> Holder:
    if span is None:
        return Holder(author=True)
    start, end = span
    return Holder(start=start, end=end, text=text[start:end])


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits into probabilities over the last axis."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    probabilities: NDArray[np.float32] = raised / raised.sum(-1, keepdims=True)
    return probabilities


def _content(path: Path) -> mmap.mmap | bytes:
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:  # which cannot be mapped
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        raise DataError(f"{path}: expected a file of the export, found none") from error
