"""The form of a cell of a table, by which rows are told from the lines of a text."""

import re

_SHAPES = (
    ("number", re.compile(r"\s*-?\d+(?:\.\d+)?\s*")),
    ("date", re.compile(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b.{0,30}")),
    ("address", re.compile(r"\s*https?://\S+\s*")),
    ("code", re.compile(r"(?=[^\s]*\d)[\w.:/#-]{1,64}")),
)


def is_alike(one: str, other: str) -> bool:
    """Whether two cells are of one form; numbers of rows grow."""
    shape = shape_of(one)
    if shape == "number" and shape_of(other) == "number":
        return abs(len(one.strip()) - len(other.strip())) <= 1 and float(other) > float(one)
    return shape == shape_of(other)


def shape_of(cell: str) -> str | None:
    """Name the form of a cell, or None for a text."""
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(cell)), None)
