"""From sentences that wait to records: the contract of files, service and Python alike."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from labels.ingest import Prepared, RawRecord
from labels.pipeline.schema import Field, Reject, Sentence, SentenceKind
from training.contract.records import Labels, Provenance, Record, RewrittenText, SentenceFields
from training.inference.memory import Answered, Memory, Question
from training.inference.model import CHUNK_SENTENCES
from training.inference.reading import Reading

T = TypeVar("T")
R = TypeVar("R")

_POST_TIME = "post_time"  # the kind of clutter that says when a live blog's post came


@dataclass(slots=True)
class Labelled:
    """An article with the records of its sentences, in reading order."""

    prepared: Prepared
    records: list[Record]
    keys: list[str]  # of what was asked about each sentence
    repeated: int = 0  # sentences whose answers were given before


def label(memory: Memory, readings: Sequence[Reading | Reject]) -> list[Labelled | Reject]:
    """Label the sentences of some articles together.

    Args:
        memory: Of the model that is asked.
        readings: Articles that were read, and rejects, which are handed on.
    """
    questions = [
        Question(sentence.text, mentions, sentence.lang)
        for reading in readings
        if isinstance(reading, Reading)
        for sentence, mentions in zip(reading.sentences, reading.mentions, strict=True)
    ]
    answers = iter(memory.answer(questions))
    return [
        reading if isinstance(reading, Reject) else _labelled(reading, answers)
        for reading in readings
    ]


def _labelled(reading: Reading, answers: Iterator[Answered]) -> Labelled:
    """Join the sentences of an article with their answers, which are the next ones."""
    own = list(islice(answers, len(reading.sentences)))
    records = [
        record_of(reading.prepared, sentence, answered.labels)
        for sentence, answered in zip(reading.sentences, own, strict=True)
    ]
    keys = [answered.key for answered in own]
    return Labelled(reading.prepared, records, keys, sum(answered.is_repeated for answered in own))


def in_chunks(readings: Iterable[Reading | Reject]) -> Iterator[list[Reading | Reject]]:
    """Gather what is labelled together."""
    chunk: list[Reading | Reject] = []
    waiting = 0
    for reading in readings:
        chunk.append(reading)
        waiting += 1 if isinstance(reading, Reject) else max(1, len(reading.sentences))
        if waiting >= CHUNK_SENTENCES:
            yield chunk
            chunk, waiting = [], 0
    if chunk:
        yield chunk


def one_ahead(
    function: Callable[[T], R], values: Iterable[T], pool: ThreadPoolExecutor
) -> Iterator[R]:
    """Apply a function in a thread of its own to the next value while the last result is used."""
    ahead = None
    for value in values:
        begun = pool.submit(function, value)
        if ahead is not None:
            yield ahead.result()
        ahead = begun
    if ahead is not None:
        yield ahead.result()


def record_of(prepared: Prepared, sentence: Sentence, labels: Labels) -> Record:
    """Make the record of a sentence."""
    fields = SentenceFields(
        id=id_of(prepared.record),
        sentence_id=sentence.sentence_id,
        kind=sentence.kind.value,
        field=sentence.field.value,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        lang=sentence.lang,
    )
    if posted := _posted(prepared, sentence):
        fields["posted"] = posted
    return {**fields, **provenance_of(prepared), **labels}


def provenance_of(prepared: Prepared) -> Provenance:
    """Give what the input says of its article besides the text."""
    article, found = prepared.article, Provenance()
    if article.title is not None:
        found["title"] = article.title
    if article.source is not None:
        found["source"] = article.source
    if article.url is not None:
        found["url"] = article.url
    if prepared.record.published is not None:
        found["published"] = prepared.record.published
    return found


def text_of(prepared: Prepared) -> RewrittenText | None:
    """Give the text that offsets refer to where it is not the input's own: pages, markup."""
    record, article = prepared.record, prepared.article
    if not (record.is_rewritten or record.is_page):
        return None
    return RewrittenText(id=id_of(record), title=article.title, text=article.text)


def id_of(record: RawRecord) -> str | int:
    """Give the input's own id, with its type, or the one that it was given."""
    return record.article_id if record.input_id is None else record.input_id


def _posted(prepared: Prepared, sentence: Sentence) -> str | None:
    """Find the time of the post that a sentence of a live blog stands in: the last one above it."""
    if sentence.field is not Field.text or sentence.kind is SentenceKind.title:
        return None
    times = [
        span for span in prepared.removed if span.kind == _POST_TIME and span.start < sentence.start
    ]
    return prepared.article.text[times[-1].start : times[-1].end].strip() if times else None
