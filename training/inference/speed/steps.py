"""The steps from raw text to records, one after the other, each timed by itself."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple, TypeVar

from labels.ingest import Item, PageFile, Prepared, Source, prepare, read_inputs, read_page
from labels.pipeline.schema import Reject, Unit
from labels.segment import segment
from labels.targets import Mention
from training.export.artifact import Variant
from training.inference.article_summary import summarize_article
from training.inference.journal import Journal
from training.inference.labelling import Labelled, in_chunks, label
from training.inference.memory import Memory
from training.inference.mentions import finder_of
from training.inference.model import StanceModel
from training.inference.outputs import write_records
from training.inference.parts import Part
from training.inference.reading import Reader, Reading

T = TypeVar("T")
R = TypeVar("R")

READ, CLEAN, SEGMENT, FIND = "read", "clean", "segment", "find names"
TOKENISE, SCORE, WRITE = "tokenise", "score", "write"
_BATCH_TOKENS = 2048  # as in configs/predict_stance.yaml
_WARM = 100  # characters of any text that is labelled first
_RECORDS, _KEYS, _ARTICLES = "records", "keys", "articles"


class Step(NamedTuple):
    """How long a step took."""

    name: str
    articles: int
    sentences: int  # 0 where they are not known yet
    seconds: float


class _Watched(StanceModel):
    """An export that knows how long it has tokenised."""

    tokenising = 0.0  # seconds

    def tokenize(
        self,
        sentences: Sequence[str],
        mentions: Sequence[Sequence[Mention]],
        langs: Sequence[str | None],
    ) -> list[list[Part]]:
        """Tokenise, and add the time that it took."""
        begin = perf_counter()
        found = super().tokenize(sentences, mentions, langs)
        self.tokenising += perf_counter() - begin
        return found


class Steps:
    """An export that labels articles, step by step in one process."""

    def __init__(self, folder: Path, threads: int, variant: Variant, seconds: float) -> None:
        """Open the export.

        Args:
            folder: Of the export.
            threads: That score; all other steps take one, but the tokenizer, which takes all.
            variant: Of the export.
            seconds: Of each step, about; one piece of work at least is finished.
        """
        self._model = _Watched(folder, threads, variant)
        self._seconds = seconds

    def measure(self, path: Path, unit: Unit, items: Sequence[Item]) -> list[Step]:
        """Time each step on what the step before it made.

        Args:
            path: The input, which is read from its beginning.
            unit: What one input is.
            items: Inputs that all other steps work on, in random order. What is done before the
                time is over is done again; what is not done by then, later steps do without.
        """
        reader = Reader.of(self._model.description, unit)
        finder = finder_of(reader.names)
        # What is loaded with the first text is so before anything is timed.
        next(read_inputs([path], unit))
        reader.read(items[0])
        self._model([reader.names[:_WARM]])

        seconds, n_read = self._read(path, unit)
        steps = [Step(READ, n_read, 0, seconds)]
        cleaned, seconds, n = self._paced(partial(_clean, unit=unit), items)
        prepared = [found for found in cleaned if isinstance(found, Prepared)]
        if not prepared:  # nothing but rejects came first
            return steps
        steps.append(Step(CLEAN, _share(len(prepared), n, len(cleaned)), 0, seconds))

        split, seconds, n = self._paced(lambda one: segment(one.article, unit), prepared)
        n_sentences = sum(map(len, split))
        steps.append(Step(SEGMENT, n, _share(n_sentences, n, len(split)), seconds))

        named, seconds, n = self._paced(finder.in_article, split)
        n_sentences = sum(map(len, split[: len(named)]))
        steps.append(Step(FIND, n, _share(n_sentences, n, len(named)), seconds))

        readings = [Reading(*one) for one in zip(prepared, split, named, strict=False)]
        return steps + self._label(list(in_chunks(readings)))

    def _read(self, path: Path, unit: Unit) -> tuple[float, int]:
        """Read inputs until the time is over, and again from the first."""
        begin = perf_counter()
        done = 0
        while True:
            for item in read_inputs([path], unit):
                done += not isinstance(item, Reject)
                if done and perf_counter() - begin > self._seconds:
                    return perf_counter() - begin, done

    def _label(self, chunks: Sequence[list[Reading | Reject]]) -> list[Step]:
        """Time what is done with some hundred sentences at a time."""
        memory = Memory(self._model, _BATCH_TOKENS, abstain_risk=None)  # that forgets at once
        self._model.tokenising = 0.0
        labelled, seconds, n = self._paced(partial(label, memory), chunks)
        step = _step(SCORE, chunks, len(labelled), n, seconds)
        tokenising = self._model.tokenising  # which is a part of labelling
        steps = [
            step._replace(name=TOKENISE, seconds=tokenising),
            step._replace(seconds=seconds - tokenising),
        ]
        with TemporaryDirectory() as folder:
            output = Path(folder) / "stance.jsonl"
            write = partial(self._write, output)
            written, seconds, n = self._paced(write, labelled)
        return [*steps, _step(WRITE, chunks, len(written), n, seconds)]

    def _write(self, output: Path, labelled: Sequence[Labelled | Reject]) -> None:
        """Write records and summaries of articles, as `predict_stance` does."""
        with Journal(output, key="", resume=False) as journal:
            for one in labelled:
                assert isinstance(one, Labelled)  # what was rejected did not come so far
                for key, record in zip(one.keys, one.records, strict=True):
                    journal.write(_RECORDS, record)
                    journal.write(_KEYS, {"key": key})
                journal.write(_ARTICLES, summarize_article(one, self._model.targets))
            journal.checkpoint({})
            write_records(output, journal.parts(_RECORDS), self._model.targets)
            journal.finish()

    def _paced(self, work: Callable[[T], R], things: Sequence[T]) -> tuple[list[R], float, int]:
        """Work on things in order, and again from the first, until the time is over.

        Returns:
            The results of the first time, the seconds, and how many things were worked on.
        """
        found: list[R] = []
        done = 0
        begin = perf_counter()
        while not done or perf_counter() - begin < self._seconds:
            result = work(things[done % len(things)])
            if done < len(things):
                found.append(result)
            done += 1
        return found, perf_counter() - begin, done


def _clean(item: Item, unit: Unit) -> Prepared | Reject:
    found = read_page(item) if isinstance(item, PageFile) else item
    return found if isinstance(found, Reject) else prepare(found, unit, Source())


def _share(count: int, done: int, of: int) -> int:
    """Scale what was counted in the first ``of`` things to all that were worked on."""
    return round(count * done / of)


def _step(
    name: str, chunks: Sequence[list[Reading | Reject]], of: int, done: int, seconds: float
) -> Step:
    """Count the articles and sentences of chunks that were worked on."""
    readings = [one for chunk in chunks[:of] for one in chunk if isinstance(one, Reading)]
    n_sentences = sum(len(reading.sentences) for reading in readings)
    return Step(name, _share(len(readings), done, of), _share(n_sentences, done, of), seconds)
