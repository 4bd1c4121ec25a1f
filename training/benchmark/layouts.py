"""Read the files of a public set in its own published layout, or in the common one.

A layout says which column holds what, and what the set's labels are called; see `configs/suite`.
JSON lines, delimited text with or without a header, and lines with their labels in another file are
read; the suffix of the file says which.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.json_lines import read_json_lines
from labels.pipeline.schema import Reject, rejected
from training.benchmark.settings import FIELDS, LABELS

JSON_LINES = {".jsonl", ".ndjson"}
DELIMITERS = {".csv": ",", ".tsv": "\t"}
csv.field_size_limit(10_000_000)  # characters; the default refuses a long text


@dataclass(frozen=True)
class Record:
    """One row of a set, its labels in the project's terms; None where the row has none."""

    where: str  # file:line
    text: str
    target: str | None
    span: tuple[int, int] | None  # of the target in the text, as the file says
    stance: str | None
    sentiment: str | None


@dataclass(frozen=True)
class Layout:
    """How a set's files are named and read."""

    files: Mapping[str, str]  # by part
    fields: Mapping[str, str | int]  # the project's name -> column, or its number without a header
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    delimiter: str | None = None  # of text in columns; None: by the suffix
    header: bool = True
    quoted: bool = True  # columns may stand in quotation marks
    labels_beside: Mapping[str, str] = field(default_factory=dict)  # in the file's name -> instead

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Take a layout from its settings."""
        known = {name: value for name, value in values.items() if value is not None}
        labels = {
            name: {str(label): ours for label, ours in mapping.items()}
            for name, mapping in known.pop("labels", {}).items()
        }
        return cls(labels=labels, **known)

    def reads(self, path: Path) -> bool:
        """Tell whether a file looks like one of this layout: by its suffix, then by its columns."""
        if path.suffix.lower() not in {Path(name).suffix for name in self.files.values()}:
            return False
        for values in self._raw(path):
            if isinstance(values, Reject):
                continue
            return all(str(column) in values[1] for column in self.fields.values())
        return True  # an empty file is told later

    def read(self, path: Path) -> Iterator[Record | Reject]:
        """Read a file, in its order.

        Yields:
            A record, or a reject that says what is wrong with the row.

        Raises:
            DataError: The file cannot be read, or its labels are not as many as its lines.
        """
        for found in self._raw(path):
            yield found if isinstance(found, Reject) else self._record(*found)

    def _raw(self, path: Path) -> Iterator[tuple[str, dict[str, Any]] | Reject]:
        """Yield where each row stands, and its values by column."""
        if path.suffix.lower() in JSON_LINES:
            for line in read_json_lines(path):
                yield line if isinstance(line, Reject) else (line.where, line.values)
            return
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                if self.labels_beside:
                    yield from self._beside(path, file.read().splitlines())
                else:
                    yield from self._columns(path, file)
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: expected UTF-8: {error.reason}") from error
        except OSError as error:
            raise DataError(f"{path}: expected a file of rows: {error.strerror}") from error

    def _columns(self, path: Path, lines: Any) -> Iterator[tuple[str, dict[str, Any]] | Reject]:  # noqa: ANN401 - a text file
        delimiter = self.delimiter or DELIMITERS.get(path.suffix.lower(), ",")
        rows = csv.reader(
            lines,
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
        )
        names: Sequence[str] | None = None
        for row in rows:
            where = f"{path}:{rows.line_num}"
            if self.header and names is None:
                names = row
                continue
            if not row:
                continue
            columns = names or [str(number) for number in range(len(row))]
            if len(row) != len(columns):
                found = f"expected {len(columns)} columns, found {len(row)}"
                yield rejected(where, "wrong_columns", found)
                continue
            yield where, dict(zip(columns, row, strict=True))

    def _beside(self, path: Path, texts: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        name = path.name
        for part, instead in self.labels_beside.items():
            name = name.replace(part, instead)
        other = path.with_name(name)
        labels = other.read_text(encoding="utf-8-sig").splitlines()
        if len(labels) != len(texts):
            raise DataError(
                f"{other}: expected {len(texts)} labels, a line each as in {path.name}, "
                f"found {len(labels)}"
            )
        for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1):
            yield f"{path}:{number}", {"0": text, "1": label}

    def _record(self, where: str, values: Mapping[str, Any]) -> Record | Reject:
        found = {name: values.get(str(self.fields[name])) for name in FIELDS if name in self.fields}
        text = found["text"]
        if not isinstance(text, str) or not text.strip():
            return rejected(where, "no_text", f"expected a text, found {_shown(text)}")
        labels: dict[str, str | None] = {}
        for name in LABELS:
            raw = found.get(name)
            label = None if raw is None else _label(raw)
            known = self.labels.get(name, {})
            if name in self.fields and label is not None and label not in known:
                expected = "|".join(known)
                return rejected(where, "label", f"{name}: expected {expected}, found {_shown(raw)}")
            labels[name] = None if label is None or not known else known[label]
        if not any(labels.values()):
            return rejected(where, "no_label", "expected a label, found none")
        try:
            span = None if found.get("start") is None else _span(found["start"], found.get("end"))
        except (TypeError, ValueError):
            shown = f"{_shown(found['start'])} to {_shown(found.get('end'))}"
            return rejected(where, "span", f"expected start and end as numbers, found {shown}")
        target = found.get("target")
        return Record(
            where=where,
            text=text,
            target=None if target is None else str(target).strip(),
            span=span,
            stance=labels["stance"],
            sentiment=labels["sentiment"],
        )


def find_part(
    suite: str, folder: Path, layouts: Sequence[Layout], part: str
) -> tuple[Path, Layout]:
    """Find the file of a part, in the folder or in one in it that bears the suite's key.

    Raises:
        ConfigError: There is none of any layout.
    """
    tried = []
    for layout in layouts:
        for place in (folder / suite, folder):
            path = place / layout.files[part]
            if path.is_file() and layout.reads(path):
                return path, layout
            tried.append(str(path))
    raise ConfigError(
        f"data_dir: expected the {part} part of {suite} in {folder}; found no "
        f"{' and no '.join(dict.fromkeys(tried))} with the columns of configs/suite/{suite}.yaml"
    )


def layout_of(path: Path, layouts: Sequence[Layout]) -> Layout:
    """Choose the layout of a file that is given by its path.

    Raises:
        ConfigError: There is no such file, or it is of no layout.
    """
    if not path.is_file():
        raise ConfigError(f"test_file: expected a file, got {path}")
    for layout in layouts:
        if layout.reads(path):
            return layout
    known = " or ".join(", ".join(map(str, layout.fields.values())) for layout in layouts)
    raise ConfigError(f"test_file: expected the columns {known}, as of train; {path} has others")


def _span(start: Any, end: Any) -> tuple[int, int]:  # noqa: ANN401 - what stands in a file
    return int(start), int(end)


def _label(value: Any) -> str:  # noqa: ANN401 - what stands in a file
    """Write a label as the layouts do: 1, 1.0 and "1" alike."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _shown(value: Any) -> str:  # noqa: ANN401 - what stands in a file
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
