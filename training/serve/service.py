"""From the body of a request to its answer: read in threads, labelled with others, written."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from threading import Event
from typing import TypedDict

from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject, Unit
from training.contract.records import Record, RewrittenText
from training.inference import Scorer
from training.inference.labelling import text_of
from training.inference.reading import Reader, Reading
from training.serve.batching import Batcher
from training.serve.contract import (
    ExplainRequest,
    Limits,
    PredictRequest,
    read_question,
    read_request,
)
from training.serve.counts import Counts
from training.serve.errors import Problem, shown
from training.serve.settings import ServeSettings

# A sentence of each language and script: what reads them is loaded before the first request.
_WARMING = (
    "The OIC welcomed the ceasefire in Gaza.",
    "Россия приветствовала перемирие в секторе Газа.",
    "رحبت منظمة التعاون الإسلامي بوقف إطلاق النار في غزة.",
    "OKI menyambut baik gencatan senjata di Gaza.",
)


class ModelFacts(TypedDict):
    """What made the records."""

    version: str  # of this program
    export_hash: str  # of the model
    variant: str  # of it: fp32 or int8
    targets: list[str]


class RejectFields(TypedDict):
    """An item without a record."""

    source: str  # its place in the request
    reason: str  # short code, as in docs/tables.md
    message: str  # place, what was expected, what was found


class Answer(TypedDict):
    """What a request gets."""

    records: list[Record]  # one for each sentence, in the order of the request
    rejects: list[RejectFields]
    texts: list[RewrittenText]  # what offsets refer to where it is not the text that was sent
    model: ModelFacts


class Word(TypedDict):
    """A word of a sentence, and what it adds to the probability of the label."""

    start: int  # in code points
    end: int
    text: str
    weight: float  # -1 to 1: the probability with the word minus that without it


class Explained(TypedDict):
    """Which words of a sentence carry its stance towards a target."""

    target: str
    label: str
    probability: float  # of the label
    words: list[Word]  # in reading order


@dataclass
class Asked:
    """What a request holds, read."""

    request: PredictRequest
    readings: list[Reading] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


class Service:
    """What all requests share: the model, those who read, who labels, limits and counts."""

    def __init__(self, settings: ServeSettings, model: Scorer) -> None:
        """Take a model; requests are answered while `running`."""
        self.settings = settings
        self.model = model
        self.facts = ModelFacts(
            version=metadata.version("sikap"),
            export_hash=model.export_hash,
            variant=model.variant.value,
            targets=model.targets,
        )
        self.counts = Counts(
            {
                "version": self.facts["version"],
                "export_hash": self.facts["export_hash"],
                "variant": self.facts["variant"],
            }
        )
        self.limits = Limits(max_items=settings.max_items, max_characters=settings.max_characters)
        self._readers = ThreadPoolExecutor(settings.readers, "read")
        self._explainer = ThreadPoolExecutor(1, "explain")
        self._labelling: asyncio.Task[None] | None = None
        self._waiting = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Label while the context lasts; one sentence of each language is, before it begins."""
        settings = self.settings
        self._batcher = Batcher(
            self.model, settings.batch_sentences, settings.batch_tokens, self.counts.batch
        )
        self._labelling = asyncio.create_task(self._batcher.run())
        try:
            articles = [{"text": text} for text in _WARMING]
            await self.answer(json.dumps({"articles": articles}).encode(), Event(), {})
            yield
        finally:
            self._labelling.cancel()
            for pool in (self._readers, self._explainer):
                pool.shutdown(wait=False, cancel_futures=True)

    @property
    def is_running(self) -> bool:
        """Whether requests are answered."""
        return self._labelling is not None and not self._labelling.done()

    @contextmanager
    def admitted(self) -> Iterator[Event]:
        """Let a request in, if there is room; the event is set when nobody waits for it any more.

        Raises:
            Problem: There are too many, or the service is closing.
        """
        self.check_running()
        limit = self.settings.max_waiting
        if self._waiting >= limit:
            message = f"service: expected at most {limit:,} requests at a time; try again"
            raise Problem(429, "busy", message, {"Retry-After": "1"})
        over = Event()
        self._waiting += 1
        self.counts.waiting.set(self._waiting)
        try:
            yield over
        finally:
            over.set()
            self._waiting -= 1
            self.counts.waiting.set(self._waiting)

    def check_running(self) -> None:
        """Raise a problem unless requests are answered."""
        if not self.is_running:
            message = "service: expected to be running, found it closing"
            raise Problem(503, "closing", message, {"Retry-After": "5"})

    async def answer(self, content: bytes, over: Event, noted: dict[str, int]) -> bytes:
        """Answer the body of a request.

        Args:
            content: The body.
            over: Set when nobody waits for the answer any more.
            noted: Is told how much there was.

        Raises:
            Problem: The request is wrong.
        """
        loop = asyncio.get_running_loop()
        asked = await loop.run_in_executor(self._readers, self._read, content, over)
        risk = asked.request.abstain_risk
        records = await self._batcher.label(asked.readings, risk)
        noted["items"] = len(asked.request.sentences) + len(asked.request.articles)
        noted["sentences"], noted["rejects"] = len(records), len(asked.rejects)
        for reject in asked.rejects:
            self.counts.reject(reject.reason)
        write = partial(self._write, asked, records)
        return await loop.run_in_executor(self._readers, write)

    async def explain(self, content: bytes, over: Event, noted: dict[str, int]) -> bytes:
        """Tell which words carry a stance; one request after the other.

        Args:
            content: The body of the request.
            over: Set when nobody waits for the answer any more.
            noted: Is told how much there was.

        Raises:
            Problem: The request is wrong.
        """
        question = read_question(content)
        if question.target not in self.model.targets:
            expected = ", ".join(self.model.targets)
            message = f"target: expected one of {expected}, found {shown(question.target)}"
            raise Problem(422, "wrong_value", message)
        noted["sentences"] = 1
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._explainer, self._explain, question, over)

    def _explain(self, question: ExplainRequest, over: Event) -> bytes:
        if over.is_set():  # while others were explained
            return b""
        try:
            found = self.model.explain(question.sentence, question.target, question.lang)
        except DataError as error:  # there is no word
            raise Problem(422, "wrong_value", str(error)) from None
        words = [
            Word(start=word.start, end=word.end, text=word.text, weight=word.weight)
            for word in found.words
        ]
        explained = Explained(
            target=found.target, label=found.label, probability=found.probability, words=words
        )
        return json.dumps(explained, ensure_ascii=False, allow_nan=False).encode()

    def _read(self, content: bytes, over: Event) -> Asked:
        """Read a request, as far as somebody waits for it."""
        asked = Asked(read_request(content, self.limits))
        given = asked.request
        texts = [{"text": text} for text in given.sentences]
        articles = [article.model_dump(exclude_none=True) for article in given.articles]
        for unit, name, items in (
            (Unit.sentence, "sentences", texts),
            (Unit.article, "articles", articles),
        ):
            reader = Reader.of(self.model.description, unit, outlet=given.source)
            for number, values in enumerate(items):
                if over.is_set():
                    return asked
                found = reader.read_object(values, f"{name}[{number}]", f"{name}:{number}")
                if isinstance(found, Reject):
                    asked.rejects.append(found)
                else:
                    asked.readings.append(found)
        return asked

    def _write(self, asked: Asked, records: list[Record]) -> bytes:
        answer = Answer(
            records=records,
            rejects=[
                RejectFields(source=one.source, reason=one.reason, message=one.message)
                for one in asked.rejects
            ],
            texts=[text for reading in asked.readings if (text := text_of(reading.prepared))],
            model=self.facts,
        )
        return json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
