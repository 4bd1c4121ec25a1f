"""Decode bytes: UTF-8, UTF-16 and UTF-32, and old code pages where there is no doubt."""

import codecs
import re
from dataclasses import dataclass
from functools import cache

from labels.ingest.read.plausible import improbability
from labels.languages import LANGUAGES
from labels.languages.detect import detect
from labels.pipeline.schema import Reject, rejected

PROBE_BYTES = 65_536
_CONTROL_RATIO = 0.02  # of bytes that no text file has; above it a file is binary
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_MARKS = (  # the longer first: UTF-32's mark begins as UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Upper bytes of the characters of UTF-16 in our languages: ASCII, Cyrillic, Arabic, punctuation.
_UPPER_BYTES = frozenset((0x00, 0x04, 0x06, 0x20))
_UPPER_SHARE = 0.97
_WIDE_PROBE = 4_096

_OLD = {
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
    "cp866": "cp866",
    "iso-8859-5": "iso8859-5",
    "windows-1256": "cp1256",
    "iso-8859-6": "iso8859-6",
    "windows-1252": "cp1252",
}
_SAMPLE_BYTES = 20_000
_LEAST_BYTES = 12  # outside ASCII; fewer do not tell one code page from another
_PLAUSIBLE = 5.2  # bits per letter, see `improbability`
_MARGIN = 0.8  # by which the second best must be less plausible
_BROKEN_SHARE = 0.2  # of the bytes outside ASCII that are no UTF-8: a UTF-8 file with some damage
_ACCENTS = 0.02  # of a text in Indonesian or English that may be letters with accents
_LATIN_SIGNS = re.compile("[‘’“”„‚–—…•·\u00a0\u00ad€£¥§©®™°«»½¼¾²³×À-ÖØ-öø-ÿŠšŽžŒœŸ]")


@dataclass(frozen=True)
class Decoded:
    """A text, and the old code page that it was in, if it was."""

    text: str
    code_page: str | None = None


def decode(data: bytes, where: str) -> Decoded | Reject:
    """Decode a text file.

    An old code page is read when the text that it gives is plausible, no other one gives such a
    text, a detector agrees, and it is in one of our languages.

    Returns:
        The text, or a reject: ``binary_file``, ``broken_utf8`` (UTF-8 with some broken bytes), or
        ``unknown_encoding``, which says how to convert.
    """
    if wide := wide_encoding(data[:_WIDE_PROBE]):
        try:
            return Decoded(data.decode(wide).lstrip("\ufeff"))
        except UnicodeDecodeError as error:
            found = f"expected {wide.upper()}, as its beginning says: {error.reason}"
            return rejected(where, "broken_utf16", f"{found} at byte {error.start}")
    if is_binary(data[:PROBE_BYTES]):
        return rejected(where, "binary_file", "expected text, found binary data")
    try:
        return Decoded(data.decode("utf-8").lstrip("\ufeff"))
    except UnicodeDecodeError as error:
        first = f"expected UTF-8, found byte 0x{data[error.start]:02x} at {error.start}"
    if _is_damaged_utf8(data):
        return rejected(where, "broken_utf8", f"{first}; the file is damaged")
    name = code_page_of(data)
    if name is None:
        known = ", ".join(_OLD)
        how = f"convert it first, for example with iconv -f NAME -t utf-8; looked for {known}"
        return rejected(where, "unknown_encoding", f"{first}; {how}")
    return Decoded(data.decode(_OLD[name], errors="replace"), name)


def wide_encoding(probe: bytes) -> str | None:
    """Name the encoding of two or four bytes a character that a file is in, or None.

    Its byte order mark says it; without one, every second byte is one of very few.
    """
    for mark, name in _MARKS:
        if probe.startswith(mark):
            return name
    if len(probe) < 16 or b"\x00" not in probe:
        return None
    probe = probe[: len(probe) // 2 * 2]
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        upper = probe[offset::2]
        lower = probe[1 - offset :: 2]
        share = sum(byte in _UPPER_BYTES for byte in upper) / len(upper)
        if share >= _UPPER_SHARE and len(set(lower)) > 2 * len(set(upper)):
            return name
    return None


def is_binary(probe: bytes) -> bool:
    """Tell whether the beginning of a file is no text in bytes."""
    controls = len(probe) - len(probe.translate(None, _CONTROL_BYTES))
    return controls > _CONTROL_RATIO * len(probe)


def code_page_of(data: bytes) -> str | None:
    """Name the old code page that a text is in, or None where there is doubt."""
    sample = data[:_SAMPLE_BYTES]
    high = sum(byte > 0x7F for byte in sample)
    plain = sum(65 <= byte <= 122 for byte in sample)
    if high * 5 < plain:
        return _western(sample)
    found = []
    for name, encoding in _OLD.items():
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((improbability(text), name, text))
    if not found:
        return None
    found.sort()
    bits, name, text = found[0]
    if bits > _PLAUSIBLE:
        return None
    others = [other for other, _, same in found[1:] if same != text]
    if high < _LEAST_BYTES or (others and others[0] - bits < _MARGIN):
        return None
    return name if detect(text) in LANGUAGES and _detector_agrees(sample, text) else None


def _western(sample: bytes) -> str | None:
    """Take quotation marks and a few accents in a text of ASCII for what they are."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = [mark for mark in text if mark > "\x7f"]
    accents = sum(map(str.isalpha, high))
    if not all(map(_LATIN_SIGNS.match, high)) or accents > _ACCENTS * len(text):
        return None
    return "windows-1252" if detect(text) in LANGUAGES else None


def _detector_agrees(sample: bytes, text: str) -> bool:
    """Whether charset-normalizer, which knows other alphabets too, reads the same letters."""
    from charset_normalizer import from_bytes  # slow to import, and few files need it

    best = from_bytes(sample, cp_isolation=list(_isolated())).best()
    if best is None:
        return False
    other = str(best)
    same = sum(ours == theirs for ours, theirs in zip(text, other, strict=False))
    return same >= 0.95 * max(len(text), len(other))


@cache
def _isolated() -> tuple[str, ...]:
    return (*_OLD.values(), "cp1250", "cp1253", "cp1254", "cp1255", "mac_cyrillic", "utf_8")


def _is_damaged_utf8(data: bytes) -> bool:
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    broken = data.decode("utf-8", errors="replace").count("\ufffd")
    return broken < _BROKEN_SHARE * high
