"""Rows of CSV files as they are found: any delimiter, odd quoting, lines before the header.

A row that was not understood is a reject; it takes no other row with it, and none is joined to it.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from labels.ingest.read.cell_shapes import is_alike, shape_of
from labels.ingest.read.fields import FIELDS, Mapped, field_of, layout_of
from labels.ingest.read.record import Note
from labels.pipeline.schema import Reject, rejected

_DELIMITERS = ",;\t|"
_HEADER_LINES = 30  # among which the header is looked for
_SEPARATOR = re.compile(r"\s{0,3}\"?sep(?:arator)?=(.|\\t)\"?\s{0,3}", re.IGNORECASE)
_MAIN = frozenset(("text", "title", "summary"))
_TRIAL_LINES = 2_000  # by which a dialect is chosen
_SKIPPED = "skipped_lines"


@dataclass(frozen=True)
class Row:
    """A row of cells by the names of their columns."""

    values: dict[str, str]
    line: int  # where it begins
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    skips_space: bool = False  # behind a delimiter
    has_escapes: bool = False  # a backslash before a quotation mark
    quote: str | None = '"'


@dataclass
class _Sheet:
    """The lines of a file and what its header says."""

    lines: list[str]  # with their ends
    first: int  # index of the line behind the header
    columns: list[str]
    main: set[int] = field(default_factory=set)  # columns of text
    other: set[int] = field(default_factory=set)  # columns that may hold one
    skipped: int = 0  # lines before the header that hold something


def read_rows(text: str, where: str, mapped: Mapped = ()) -> Iterator[Row | Reject]:
    """Read the rows of a CSV file.

    The header is the first line that names a text or a title. ``sep=;`` before it names the
    delimiter. A row with more cells than columns is a reject unless they are empty; its last cells
    are joined where only one column can hold a delimiter. A quotation mark that is opened and never
    closed ends with its line.

    Yields:
        Rows, and rejects: ``no_columns``, ``surplus_cells``, ``missing_cells``, ``open_quote``.
    """
    csv.field_size_limit(sys.maxsize)  # one field may be a whole article
    text = text.replace("\x00", "")
    lines = io.StringIO(text, newline="").readlines()
    found = _header_of(lines, mapped)
    if found is None:
        first = next((line.strip() for line in lines if line.strip()), "")
        yield rejected(
            where, "no_columns", f"expected a column text or title, found {first[:80]!r}"
        )
        return
    sheet, dialect = found
    dialect = _best_dialect(sheet, dialect)
    skipped = (Note(_SKIPPED, "before the header"),) if sheet.skipped else ()
    for item in _rows(sheet, dialect, where):
        if skipped and isinstance(item, Row):
            item = Row(item.values, item.line, (*skipped, *item.notes))
            skipped = ()
        yield item


def looks_like_csv(text: str, mapped: Mapped = ()) -> bool:
    """Tell whether a text begins with a header of at least two known columns."""
    lines = io.StringIO(text[:20_000], newline="").readlines()[:_HEADER_LINES]
    lines = [line for line in lines if line.strip("\ufeff \t\r\n")][:2]
    if lines and _SEPARATOR.fullmatch(lines[0].strip("\ufeff\r\n")):
        return True
    found = _header_of(lines[:1], mapped)
    if found is None:
        return False
    known = [name for name in found[0].columns if field_of(name) in FIELDS]
    return len(known) >= 2 and len(known) * 2 >= len(found[0].columns)


def _header_of(lines: list[str], mapped: Mapped) -> tuple[_Sheet, _Dialect] | None:
    given: str | None = None
    best: tuple[int, int, str, list[str]] | None = None
    for index, line in enumerate(lines[:_HEADER_LINES]):
        bare = line.strip("\ufeff\r\n")
        if given is None and (match := _SEPARATOR.fullmatch(bare)):
            given = match[1].replace("\\t", "\t")
            continue
        for delimiter in given or _DELIMITERS:
            columns = _cells(bare, delimiter)
            layout = layout_of(columns, mapped)
            if not _MAIN & layout.names.keys():
                continue
            known = sum(map(len, layout.names.values()))
            if known * 4 >= len(columns) and (best is None or known > best[0]):
                best = known, index, delimiter, columns
    if best is None:
        return None
    _, index, delimiter, columns = best
    columns = _unique(columns)
    layout = layout_of(columns, mapped)
    main = {columns.index(name) for kind in _MAIN for name in layout.names.get(kind, ())}
    other = {columns.index(name) for name in layout.others}
    skipped = sum(
        bool(line.strip("\ufeff \t\r\n,;|")) and not _SEPARATOR.fullmatch(line.strip("\ufeff\r\n"))
        for line in lines[:index]
    )
    sheet = _Sheet(lines, index + 1, columns, main, other, skipped)
    bare = lines[index].strip("\ufeff\r\n")
    quote = "'" if bare.startswith("'") and f"'{delimiter}" in bare else '"'
    return sheet, _Dialect(
        delimiter, bool(re.search(rf"{re.escape(delimiter)} +\S", bare)), quote=quote
    )


def _cells(line: str, delimiter: str) -> list[str]:
    quote = "'" if line.startswith("'") else '"'
    try:
        rows = list(csv.reader([line], delimiter=delimiter, skipinitialspace=True, quotechar=quote))
    except csv.Error:
        return []
    return [cell.strip() for cell in rows[0]] if rows else []


def _unique(columns: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for name in columns:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _best_dialect(sheet: _Sheet, plain: _Dialect) -> _Dialect:
    """Choose the dialect in which the most rows have their cells; the plain one where it can be."""
    sample = sheet.lines[sheet.first : sheet.first + _TRIAL_LINES]
    text = "".join(sample)
    delimiter, quote = plain.delimiter, plain.quote or '"'
    trials = [plain]
    if not plain.skips_space and re.search(rf"{re.escape(delimiter)} +{quote}", text):
        trials.append(_Dialect(delimiter, True, quote=quote))
    if f"\\{quote}" in text:
        trials += [
            _Dialect(trial.delimiter, trial.skips_space, True, quote) for trial in list(trials)
        ]
    if delimiter == "\t" and quote in text:
        trials.append(_Dialect(delimiter, quote=None))
    if len(trials) == 1:
        return plain
    trial_sheet = _Sheet(
        sheet.lines[: sheet.first + _TRIAL_LINES],
        sheet.first,
        sheet.columns,
        sheet.main,
        sheet.other,
    )

    def n_odd(dialect: _Dialect) -> int:
        rows = list(_rows(trial_sheet, dialect, ""))
        odd = sum(isinstance(row, Reject) or bool(row.notes) for row in rows)
        return 2 * odd + _n_stray_quotes(rows, quote)

    return min(trials, key=n_odd)


def _n_stray_quotes(rows: list[Row | Reject], quote: str) -> int:
    return sum(
        value.lstrip().startswith(quote) or f"\\{quote}" in value
        for row in rows
        if isinstance(row, Row)
        for value in row.values.values()
    )


def _rows(sheet: _Sheet, dialect: _Dialect, where: str) -> Iterator[Row | Reject]:
    lines = sheet.lines
    position = sheet.first
    pending: Row | Reject | None = None
    while position < len(lines):
        if not lines[position].strip("\ufeff \t\r\n"):
            position += 1
            continue
        cells, end = _record_at(sheet, dialect, position)
        if cells is not None and (
            not any(cell.strip() for cell in cells)
            or cells[: len(sheet.columns)] == sheet.columns  # files were joined
        ):
            position = end
            continue
        if cells is not None and _continues_row(cells, pending, lines, position, sheet):
            # A line end inside a cell without quotes: the row before it is not whole.
            assert isinstance(pending, Row)
            found = "found a row that goes on in the next line without quotation marks"
            pending = rejected(
                f"{where}:{pending.line}", "missing_cells", f"expected one line, {found}"
            )
            position = end
            continue
        if pending is not None:
            yield pending
        if cells is None:
            found = "expected a closed quotation mark, found one that is open at the end of the row"
            pending = rejected(f"{where}:{position + 1}", "open_quote", found)
        else:
            pending = _row_of(cells, sheet, dialect, position, where)
        position = end
    if pending is not None:
        yield pending


def _record_at(sheet: _Sheet, dialect: _Dialect, position: int) -> tuple[list[str] | None, int]:
    """Read the record that begins in a line.

    Returns:
        Its cells, or None where a quotation mark stays open, and the line where the next begins.
    """
    lines = sheet.lines
    reader = csv.reader(
        (_standard(line, dialect) for line in _from(lines, position)),
        delimiter=dialect.delimiter,
        skipinitialspace=dialect.skips_space,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    try:
        cells = next(reader)
        end = position + reader.line_num
        if end == position + 1 or not _swallows(cells, sheet, dialect, position, end):
            return cells, end
    except (csv.Error, StopIteration):
        pass
    if (repaired := _one_line(lines[position], dialect, len(sheet.columns))) is not None:
        return repaired, position + 1
    return None, _next_row(sheet, dialect, position)


def _from(lines: list[str], position: int) -> Iterator[str]:
    for index in range(position, len(lines)):
        yield lines[index]


def _standard(line: str, dialect: _Dialect) -> str:
    if not dialect.has_escapes or "\\" not in line:
        return line
    quote = dialect.quote or '"'
    return line.replace(f"\\{quote}", quote * 2)


def _swallows(cells: list[str], sheet: _Sheet, dialect: _Dialect, position: int, end: int) -> bool:
    """Whether a record of several lines has taken rows into a cell.

    Cells of many lines are common, so there must be evidence: a line begins and ends as rows do,
    or, where no column has a form, every line has the cells of a row.
    """
    lines = sheet.lines[position:end]
    formed = _formed_columns(cells, sheet)
    begin = {place: cell for place, cell in formed.items() if place >= 0}
    if begin:
        return any(_has_forms(line, begin, sheet, dialect) for line in lines[1:])
    if formed:  # the last line ends as a row in any case
        return any(_has_forms(line, formed, sheet, dialect) for line in lines[:-1])
    inner = [line.strip() for line in lines[1:] if line.strip()]
    mark = dialect.delimiter
    n_marks = len(sheet.columns) - 1
    # In prose a space or a line end follows a comma or a semicolon.
    return (
        n_marks > 0
        and len(inner) > 1
        and all(len(re.findall(rf"{re.escape(mark)}(?=\S)", line)) == n_marks for line in inner)
    )


def _formed_columns(cells: list[str], sheet: _Sheet) -> dict[int, str]:
    """Give a row's cells that have a form, before the texts, and behind them counted from the end.

    The last column of the last text may hold delimiters, so what follows is counted from the end.
    """
    texts = sheet.main | sheet.other
    n_columns = len(sheet.columns)
    places = [*range(min(texts)), *range(max(texts) + 1 - n_columns, 0)]
    return {
        place: cells[place]
        for place in places
        if -len(cells) <= place < len(cells) and shape_of(cells[place])
    }


def _has_forms(line: str, formed: dict[int, str], sheet: _Sheet, dialect: _Dialect) -> bool:
    """Whether a line has the cells of a row, those with a form of the same form."""
    cells = line.strip("\r\n").split(dialect.delimiter)
    if len(cells) < len(sheet.columns):
        return False
    if not dialect.skips_space and any(cells[place].startswith(" ") for place in (1, *formed)):
        return False  # `2, three, four` is a line of a list
    quote = f" {dialect.quote}"
    return all(is_alike(cell, cells[place].strip(quote)) for place, cell in formed.items())


def _one_line(line: str, dialect: _Dialect, n_columns: int) -> list[str] | None:
    """Cut one line into cells, with quotation marks inside that nobody doubled; None if unsure."""
    quote, delimiter = dialect.quote or '"', re.escape(dialect.delimiter)
    bare = _standard(line, dialect).strip("\r\n")
    cells: list[str] = []
    position = 0
    inner = re.compile(
        rf"\s*{quote}(?P<quoted>.*?){quote}\s*(?={delimiter}|$)|(?P<plain>[^{delimiter}]*)"
    )
    while position <= len(bare):
        match = inner.match(bare, position)
        if match is None or len(cells) == n_columns:
            return None
        if match["quoted"] is not None:
            cells.append(match["quoted"].replace(quote * 2, quote))
        else:
            plain = match["plain"]
            if plain.lstrip().startswith(quote) and plain.count(quote) % 2:
                return None
            cells.append(plain.strip() if dialect.skips_space else plain)
        position = match.end() + 1
    return cells if len(cells) == n_columns else None


def _next_row(sheet: _Sheet, dialect: _Dialect, opened: int) -> int:
    """Find the next line behind one with an open mark that is, or begins, a row by itself."""
    opening = sheet.lines[opened].strip("\r\n").split(dialect.delimiter)
    formed = _formed_columns([cell.strip(f" {dialect.quote}") for cell in opening], sheet)
    formed = {place: cell for place, cell in formed.items() if place >= 0}
    for position in range(opened + 1, len(sheet.lines)):
        line = sheet.lines[position]
        if formed:
            if _has_forms(line, formed, sheet, dialect):
                return position
        elif _one_line(line, dialect, len(sheet.columns)) is not None:
            return position
    return len(sheet.lines)


def _continues_row(
    cells: list[str], before: Row | Reject | None, lines: list[str], position: int, sheet: _Sheet
) -> bool:
    last = sheet.columns[-1]
    return (
        isinstance(before, Row)
        and len(cells) == 1 < len(sheet.columns)
        and before.line == position
        and len(sheet.columns) - 1 in sheet.main
        and bool(before.values.get(last))
        and not lines[position - 1].rstrip("\r\n").endswith('"')
    )


def _row_of(
    cells: list[str], sheet: _Sheet, dialect: _Dialect, position: int, where: str
) -> Row | Reject:
    n_columns = len(sheet.columns)
    place = f"{where}:{position + 1}"
    notes: tuple[Note, ...] = ()
    if len(cells) > n_columns:
        if not any(cell.strip() for cell in cells[n_columns:]):
            cells = cells[:n_columns]
        elif sheet.main | sheet.other == {n_columns - 1} and '"' not in sheet.lines[position]:
            tail = dialect.delimiter.join(cells[n_columns - 1 :])
            cells = [*cells[: n_columns - 1], tail]
            notes = (Note("surplus_cells", "joined"),)
        else:
            found = f"expected {n_columns} cells, found {len(cells)}; a cell with the delimiter"
            return rejected(place, "surplus_cells", f"{found} must stand in quotation marks")
    if len(cells) < n_columns:
        absent = sheet.columns[len(cells) :]
        if any(sheet.columns.index(name) in sheet.main for name in absent):
            found = f"expected {n_columns} cells, found {len(cells)}; no {', '.join(absent)}"
            return rejected(place, "missing_cells", found)
        notes = (*notes, Note("missing_cells", ", ".join(absent)))
    values = dict(zip(sheet.columns, cells, strict=False))
    return Row(values, position + 1, notes)
