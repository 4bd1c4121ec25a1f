"""Labelling for many requests at once: one model, one thread, and what waits shares a batch."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter

from training.contract.records import Record
from training.inference import Scorer
from training.inference.labelling import Labelled, label
from training.inference.memory import Memory
from training.inference.reading import Reading

_PIECE = 8  # sentences of a request that go into a batch before it is another request's turn
_LONG = 500  # characters, from which a sentence counts as several

Observe = Callable[[int, int, float], None]  # is told requests, sentences and seconds of a batch


@dataclass(eq=False)
class _Job:
    """The sentences of one request."""

    pieces: deque[Reading]
    abstain_risk: float | None
    done: asyncio.Future[list[Record]]
    records: list[Record] = field(default_factory=list)


class Batcher:
    """Labels what waits, a batch at a time, a little of each request in turn.

    A request of one sentence does not wait until a long one is done. While a batch is labelled, the
    next one gathers: nobody waits for company.
    """

    def __init__(
        self, model: Scorer, batch_sentences: int, batch_tokens: int, observe: Observe
    ) -> None:
        """Take a model; see `run`.

        Args:
            model: An export.
            batch_sentences: Labelled together; a long one counts for several.
            batch_tokens: As in `Scorer.__call__`.
            observe: Called after each batch.
        """
        self._model = model
        self._room = batch_sentences
        self._batch_tokens = batch_tokens
        self._observe = observe
        self._jobs: deque[_Job] = deque()
        self._arrived = asyncio.Event()

    async def label(self, readings: Sequence[Reading], abstain_risk: float | None) -> list[Record]:
        """Label the sentences of a request; whoever no longer waits is passed over."""
        pieces = deque(piece for reading in readings for piece in _pieces_of(reading))
        if not pieces:
            return []
        done: asyncio.Future[list[Record]] = asyncio.get_running_loop().create_future()
        self._jobs.append(_Job(pieces, abstain_risk, done))
        self._arrived.set()
        return await done

    async def run(self) -> None:
        """Label what arrives, until cancelled."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "label") as thread:
            while True:
                await self._arrived.wait()
                batch = self._gather()
                if not batch:
                    self._arrived.clear()
                    continue
                risk = batch[0][0].abstain_risk
                pieces = [piece for _, piece in batch]
                memory = Memory(self._model, self._batch_tokens, risk)
                work = partial(label, memory, pieces)
                start = perf_counter()
                labelling = loop.run_in_executor(thread, work)
                await asyncio.wait([labelling])
                if error := labelling.exception():
                    _fail(batch, error)
                    continue
                sentences = sum(len(piece.sentences) for piece in pieces)
                requests = len({id(job) for job, _ in batch})
                self._observe(requests, sentences, perf_counter() - start)
                for (job, _), labelled in zip(batch, labelling.result(), strict=True):
                    _take(job, labelled)

    def _gather(self) -> list[tuple[_Job, Reading]]:
        """Take a piece of each request in turn while there is room; they share one risk."""
        self._jobs = deque(job for job in self._jobs if job.pieces and not job.done.done())
        batch: list[tuple[_Job, Reading]] = []
        if not self._jobs:
            return batch
        risk, room = self._jobs[0].abstain_risk, self._room
        turn = deque(job for job in self._jobs if job.abstain_risk == risk)
        while turn and room > 0:
            job = turn.popleft()
            piece = job.pieces.popleft()
            batch.append((job, piece))
            room -= _weight(piece)
            if job.pieces:
                turn.append(job)
        served = {job for job, _ in batch}  # who waited in vain comes first the next time
        self._jobs = deque(sorted(self._jobs, key=served.__contains__))
        return batch


def _pieces_of(reading: Reading) -> Iterator[Reading]:
    for start in range(0, len(reading.sentences), _PIECE):
        piece = slice(start, start + _PIECE)
        yield replace(reading, sentences=reading.sentences[piece], mentions=reading.mentions[piece])


def _weight(piece: Reading) -> int:
    return sum(1 + len(sentence.text) // _LONG for sentence in piece.sentences)


def _fail(batch: Sequence[tuple[_Job, Reading]], error: BaseException) -> None:
    """Hand an error to the requests of the batch; the others go on."""
    for job, _ in batch:
        if not job.done.done():
            job.done.set_exception(error)


def _take(job: _Job, labelled: Labelled | object) -> None:
    """Keep the records of a piece, and answer when it was the last."""
    if isinstance(labelled, Labelled):
        job.records += labelled.records
    if not job.pieces and not job.done.done():
        job.done.set_result(job.records)
