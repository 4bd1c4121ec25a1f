"""How sure it is that a piece of a line is clutter: signs of form, and of the article's voice."""

import re
from functools import cache

from labels.ingest.clean.lines import CLOSERS, bare_forms
from labels.ingest.clean.rules import Rule
from labels.languages import load

_UNENDED_LIMIT = 90  # characters; a longer piece without a full stop may be a careless sentence
_CAPITALS = 6  # letters from which capitals alone are a sign
_ENDS = ".!?؟…。"
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_LINK = re.compile(r"https?://|\bwww\.|\bt\.me/|(?<!\w)@\w|\w@\w")
_LABEL = re.compile(r"\W{0,4}\w[\w’'-]*(?: [\w’'-]+){0,3}\s?[:|]\s?(?=\S)")
_QUOTED = re.compile(r"[\"“«„]\s*\w+[^\"”»“]{0,40}\s\w+[^\"”»“]{0,60}\s\w")


def is_clutter(
    rule: Rule, piece: str, lang: str, *, is_line: bool, is_closing: bool, n_signs: int = 0
) -> bool:
    """Judge a piece that a rule for lines matches.

    A weak rule needs one sign beside its words, and a piece in the article's own voice one more.

    Args:
        rule: What matched.
        piece: The piece as it stands in the text.
        lang: Language code.
        is_line: Whether the piece is a whole line.
        is_closing: Whether it stands at the end of its line.
        n_signs: Signs of its place: at the edge of the article, beside clutter.
    """
    n_needed = rule.weak + speaks(piece, lang) - n_signs
    return n_needed <= 0 or n_needed <= n_signs_of_form(piece, is_line=is_line, ends=is_closing)


def n_signs_of_form(piece: str, *, is_line: bool, ends: bool) -> int:
    """Count the signs that a piece is no sentence of an article."""
    closer = _BRACKETS.get(piece[:1])
    unended = len(piece) <= _UNENDED_LIMIT and piece.rstrip(CLOSERS)[-1:] not in _ENDS
    return sum(
        (
            closer is not None and piece.rstrip(".").endswith(closer),
            _is_capitals(piece),
            _LINK.search(piece) is not None,
            _LABEL.match(piece) is not None,
            (is_line or ends) and (unended or piece.endswith(":")),
            is_line and len(bare_forms(piece)) > 1,
        )
    )


def _is_capitals(piece: str) -> bool:
    letters = [letter for letter in piece if letter.isalpha()]
    is_cased = sum(letter.isupper() for letter in letters) >= _CAPITALS
    return is_cased and not any(letter.islower() for letter in letters)


def speaks(piece: str, lang: str) -> bool:
    """Whether a piece has a mark of the article's own voice: quotation, saying, a target's name."""
    return _QUOTED.search(piece) is not None or _own_words(lang).search(piece) is not None


@cache
def _own_words(lang: str) -> re.Pattern[str]:
    data = load(lang, "own_sentences")
    words = "|".join([*data["saying"], *data["names"]])
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
