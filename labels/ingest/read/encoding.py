"""Mend text that somebody before us decoded with a wrong code page."""

import re
from collections import Counter
from functools import cache

from labels.ingest.read.plausible import COMMON_SIGNS, improbability, script_of

_LEAST_LETTERS = 3  # outside ASCII, by which a mended text can be judged
_SAMPLE = 200  # characters at the beginning, the middle and the end
_ROUNDS = 3  # a text can have been decoded wrongly more than once

# Bits per letter, see `improbability`. On 7,100 real Russian and Arabic texts and titles the most
# was 5.2; mended text is asked for what real text has.
_CLEAN = 5.0
_MENDED = 5.35
_GARBAGE = 10.5
_GAIN = 0.7  # by which a mended text must be more plausible, at least
_CLEAN_LATIN = 9.0  # an accented letter in a Latin text
_LOST = 0.01  # of a mended text that may be replacement characters
_REPLACED = 0.2  # of the letters; as many replacement characters, and the text is lost
_ODD_SHARE = 0.3  # of the letters that may be no letters of ours

# What the text was taken for, and what it was. Each is tried with each.
_TAKEN_FOR = (
    "sloppy-windows-1252 latin-1 sloppy-windows-1251 koi8-r cp866 sloppy-windows-1256 iso8859-5"
    " sloppy-iso-8859-6 macroman mac-cyrillic cp437 cp850 sloppy-windows-1250 sloppy-windows-1254"
    " iso8859-15 cp1258"
).split()
_WAS = (
    "utf-8 sloppy-windows-1251 koi8-r cp866 iso8859-5 mac-cyrillic sloppy-windows-1256"
    " sloppy-iso-8859-6"
).split()

_NOT_ORDINARY = re.compile(f"[^\x00-\x7fА-яЁё\u0600-\u06ff\u0750-\u077f{COMMON_SIGNS}]")
_MIXED_WORD = re.compile(r"[A-Za-z][А-яЁё\u0621-\u064a]|[А-яЁё\u0621-\u064a][A-Za-z]")
# What stays where bytes were lost before somebody decoded the rest: `принÑл`.
_LEFT_OVER = re.compile("[А-яЁё\u0621-\u064a][À-ÖØ-öø-ÿ]|[À-ÖØ-öø-ÿ][А-яЁё\u0621-\u064a]")
_LEFT_OVERS = 0.005  # of a text
_SIGN_AT_LETTER = re.compile(  # which is a letter in the right code page
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f«»„“”‘’—–…،؛؟]|[^\w\s\x00-\x7f«»„“”‘’—–…،؛؟](?=[^\W\d_])"
)
_SIGN_COST = 12.0  # bits
_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")


def mend(text: str) -> str | None:
    """Give the text as it was before it was decoded with a wrong code page.

    Found are UTF-8 taken for a code page (``Ñ€ÑƒÑ``, ``СЂСѓ``, ``ط±ظˆ``), one code page taken for
    another (``Ðîññèÿ``, ``тПУУЙС``, ``ÑæÓíÇ``), and both one after the other.

    Returns:
        The text itself if it is whole, the mended text, or None if it is garbage that cannot be
        mended without a loss.
    """
    if text.isascii():
        return text
    mended = text
    for _ in range(_ROUNDS):
        better = _mend_once(mended)
        if better is None:
            break
        mended = better
    return None if _NOT_ORDINARY.search(mended) and _is_garbage(mended) else mended


def _mend_once(text: str) -> str | None:
    if better := _by_pair(text):
        return better
    if not _NOT_ORDINARY.search(text):
        return None
    lines = text.split("\n")
    mended = [_mend_line(line) for line in lines]
    return "\n".join(mended) if mended != lines else None


def _mend_line(line: str) -> str:
    """Mend one line of a text whose other lines may be whole."""
    import ftfy  # slow to import, and few texts have such letters
    import ftfy.badness

    if line.isascii() or not _NOT_ORDINARY.search(line):
        return line
    # ftfy is sure of what it mends; its test takes half a microsecond a character.
    fixed = ftfy.fix_encoding(line) if ftfy.badness.is_bad(line) else line
    return fixed if fixed != line else _by_pair(line) or line


def _by_pair(text: str) -> str | None:
    sample = _sample(text)
    bits = improbability(sample)
    if bits <= _CLEAN or (bits <= _CLEAN_LATIN and _is_latin(sample)):
        return None
    pair = _best_pair(sample, bits)
    return _convert(text, *pair) if pair else None


def _best_pair(sample: str, bits: float) -> tuple[str, str] | None:
    """Find what the text was taken for and what it was, by the most plausible result."""
    import ftfy.bad_codecs  # noqa: F401 - registers the code pages without holes

    found: list[tuple[float, str, str]] = []
    seen: set[str] = set()
    for taken_for in _TAKEN_FOR:
        if _encodes(sample, taken_for):
            for was in _WAS:
                result = _convert(sample, taken_for, was)
                if was != taken_for and result and result not in seen:
                    seen.add(result)
                    found.append((_cost(result, bits), taken_for, was))
    cost, taken_for, was = min(found, default=(_GARBAGE, "", ""))
    return (taken_for, was) if cost <= min(_MENDED, bits - _GAIN) else None


def _cost(result: str, bits: float) -> float:
    letters = Counter(_LETTER.findall(result))
    if letters.total() < _LEAST_LETTERS or script_of(letters) == "latin":
        return _GARBAGE
    if _MIXED_WORD.search(result) or "\ufffd" in result:
        return _GARBAGE
    signs = len(_SIGN_AT_LETTER.findall(result))
    return improbability(result) + _SIGN_COST * signs / letters.total()


def _encodes(sample: str, encoding: str) -> bool:
    """Whether a code page has nearly all of the letters."""
    letters = [mark for mark in sample if mark > "\x7f"]
    table = _bytes_of(encoding)
    return sum(mark in table for mark in letters) >= 0.9 * len(letters)


def _convert(text: str, taken_for: str, was: str) -> str | None:
    """Undo the wrong decoding; what the wrong code page does not have stays as it is."""
    if was != "utf-8":
        return text.translate(_translation(taken_for, was))
    return _as_utf8(text, taken_for)


def _as_utf8(text: str, taken_for: str) -> str | None:
    from ftfy.fixes import restore_byte_a0

    table = _bytes_of(taken_for)
    pieces: list[str] = []
    run = bytearray()
    for mark in text:
        if mark in table:
            run.append(table[mark])
            continue
        pieces.append(_decoded(restore_byte_a0(bytes(run))))
        pieces.append(mark)
        run.clear()
    pieces.append(_decoded(restore_byte_a0(bytes(run))))
    mended = "".join(pieces)
    return mended if mended.count("\ufffd") <= _LOST * len(mended) else None


def _decoded(run: bytes) -> str:
    return run.decode("utf-8", errors="replace")


@cache
def _bytes_of(encoding: str) -> dict[str, int]:
    import ftfy.bad_codecs  # noqa: F401 - registers the code pages without holes

    return {
        mark: code
        for code in range(256)
        if (mark := bytes([code]).decode(encoding, errors="ignore"))
    }


@cache
def _translation(taken_for: str, was: str) -> dict[int, str]:
    return {
        ord(mark): bytes([code]).decode(was, errors="replace")
        for mark, code in _bytes_of(taken_for).items()
        if code > 127
    }


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = (len(text) - _SAMPLE) // 2
    return "\n".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))


def _is_latin(sample: str) -> bool:
    return script_of(Counter(_LETTER.findall(sample))) == "latin"


def _is_garbage(text: str) -> bool:
    """Whether signs that no text of ours has stand among the letters all over the text."""
    sample = _sample(text)
    n_letters = sum(map(str.isalpha, sample))
    if sample.count("\ufffd") > _REPLACED * n_letters:
        return True
    if len(_LEFT_OVER.findall(text)) > _LEFT_OVERS * len(text):
        return True
    odd = _NOT_ORDINARY.findall(sample)
    return len(odd) > _ODD_SHARE * n_letters and improbability(sample) > _GARBAGE
