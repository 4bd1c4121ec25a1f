"""What Python code hands in and is given back: articles and sentences in, records out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labels.pipeline.schema import Reject
from training.contract.records import Record
from training.inference.outputs import columns_of, flatten

if TYPE_CHECKING:
    import pandas as pd


@dataclass(kw_only=True)
class Article:
    """An article as it is: cleaned, and split into sentences, before it is labelled."""

    text: str
    title: str | None = None
    id: str | int | None = None  # without one, its place in what is handed in
    lang: str | None = None  # code; detected without one
    source: str | None = None  # outlet
    url: str | None = None
    published: str | None = None


@dataclass
class Predictions:
    """Records, one for each sentence, in the order of what was handed in."""

    targets: list[str]
    records: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)  # what could not be read, and why

    def __len__(self) -> int:
        """Count the records."""
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        """Give the records."""
        return iter(self.records)

    def __getitem__(self, number: int) -> Record:
        """Give a record by its place."""
        return self.records[number]

    def to_pandas(self) -> "pd.DataFrame":
        """Make a table: a row for each record, the columns of ``predict_stance output=X.csv``."""
        import pandas as pd  # no part of what labelling needs

        rows = [flatten(record) for record in self.records]
        return pd.DataFrame(rows, columns=list(columns_of(self.targets)))
