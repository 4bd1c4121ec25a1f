"""Label what Python code hands in, as ``predict_stance`` labels files."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from labels.ingest import RawRecord
from labels.pipeline.progress import meter
from labels.pipeline.schema import Reject, Unit
from training.inference.labelling import in_chunks, label
from training.inference.memory import Memory
from training.inference.predictions import Article, Predictions
from training.inference.reading import Reader, Reading

if TYPE_CHECKING:
    from training.inference.scorer import Scorer


def predict(
    model: "Scorer",
    inputs: Iterable[str | Article],
    batch_tokens: int,
    abstain_risk: float | None,
    source: str | None,
    show_progress: bool | None,
) -> Predictions:
    """Label sentences and articles; see `Scorer.predict`."""
    given = list(inputs)
    records = [_raw(number, found) for number, found in enumerate(given)]
    units = [Unit.sentence if isinstance(found, str) else Unit.article for found in given]
    readers = {unit: Reader.of(model.description, unit, outlet=source) for unit in Unit}

    def read() -> Iterator[Reading | Reject]:
        for unit, record in zip(units, records, strict=True):
            yield readers[unit].read(record)

    console = Console(stderr=True)
    console.quiet = not (console.is_terminal if show_progress is None else show_progress)
    memory = Memory(model, batch_tokens, abstain_risk)
    found = Predictions(model.targets)
    with meter(console, "labelling", "inputs", len(given)) as shown:
        for chunk in in_chunks(read()):
            for labelled in label(memory, chunk):
                if isinstance(labelled, Reject):
                    found.rejects.append(labelled)
                else:
                    found.records += labelled.records
            shown.advance(len(chunk))
    return found


def _raw(number: int, found: str | Article) -> RawRecord:
    where = f"input[{number}]"
    if isinstance(found, str):
        return RawRecord(article_id=str(number), where=where, title=None, text=found)
    if not isinstance(found, Article):
        raise TypeError(f"{where}: expected text or an Article, got {type(found).__name__}")
    return RawRecord(
        article_id=str(number if found.id is None else found.id),
        where=where,
        title=found.title,
        text=found.text,
        lang=found.lang,
        published=found.published,
        url=found.url,
        source=found.source,
        input_id=found.id,
    )
