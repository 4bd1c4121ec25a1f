"""What an abbreviation stands for, where the text says it: ``officer in charge (OIC)``."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache

from labels.languages import LANGUAGES, load
from labels.languages.morphology import Token, fold

_LONGEST_SKIPPED = 4  # letters of a word that an abbreviation may leave out: of, dan, yang, для
_LONGEST = 12  # words that an expansion may have
_NAME_WORDS = 6  # before a bracket in which a name is repeated
_LINK_WORDS = 4  # as in "is short for"


def expansions(words: Sequence[Token], place: int) -> Iterator[range]:
    """Give the places of words that say what the abbreviation at ``place`` stands for.

    They stand before a bracket with the abbreviation (or before "or"), or after it in a bracket,
    behind a dash or behind "stands for", and their initials spell it; small words may be left out.
    """
    letters = words[place].key
    opening = _opening(words, place)
    if opening:
        yield from _before(words, opening, letters)
    elif place and words[place - 1].key in _words_of("or"):
        yield from _before(words, place - 1, letters)
    after = place + 1
    if after < len(words) and (words[after].gap == 2 or "(" in words[after].brackets):
        yield from _after(words, after, letters)
    behind = _behind_meaning(words, after)
    if behind:
        yield from _after(words, behind, letters)


def is_of_another_name(words: Sequence[Token], place: int, ours: Collection[int]) -> bool:
    """Tell whether an abbreviation alone in a bracket follows a name that is none of ours.

    Such is a name in another language: its initials spell other letters.

    Args:
        words: A sentence.
        place: Where the abbreviation stands.
        ours: Places of words that speak for the target.
    """
    opening = _opening(words, place)
    is_alone = place + 1 == len(words) or words[place + 1].brackets.startswith(")")
    if not opening or not is_alone:
        return False
    first = opening
    while first > 0 and opening - first < _NAME_WORDS:
        first -= 1
        if words[first].gap == 2:
            break
    return opening - first > 1 and not any(at in ours for at in range(first, opening))


@cache
def _words_of(kind: str) -> frozenset[str]:
    return frozenset(fold(word) for lang in LANGUAGES for word in load(lang, "abbreviations")[kind])


def _opening(words: Sequence[Token], place: int) -> int:
    """Find the word that a bracket opens before, this one or one such as "hereinafter"; or 0."""
    first = place
    while "(" not in words[first].brackets:
        if not first or place - first == _LINK_WORDS:
            return 0
        first -= 1
        if words[first].key not in _words_of("inside"):
            return 0
    return first


def _behind_meaning(words: Sequence[Token], start: int) -> int:
    """Find where the meaning begins after words such as "stands for"; 0 where none stand there."""
    place, is_said = start, False
    while place < len(words) and place - start < _LINK_WORDS:
        key = words[place].key
        if key in _words_of("means"):
            is_said = True
        elif key not in _words_of("beside"):
            break
        place += 1
    return place if is_said and place < len(words) else 0


def _before(words: Sequence[Token], end: int, letters: str) -> Iterator[range]:
    """Spell the letters backwards, from the word before ``end``."""
    first = end - 1
    while first > 0 and end - first < _LONGEST and words[first].gap < 2:
        first -= 1
    taken = _spell([word.key for word in reversed(words[max(first, 0) : end])], letters[::-1])
    if taken:
        yield range(end - taken, end)


def _after(words: Sequence[Token], start: int, letters: str) -> Iterator[range]:
    end = start + 1
    while end < len(words) and end - start < _LONGEST:
        if words[end].gap == 2 or words[end].brackets:
            break
        end += 1
    taken = _spell([word.key for word in words[start:end]], letters)
    if taken:
        yield range(start, start + taken)


def _spell(keys: Sequence[str], letters: str) -> int:
    """Tell how many words it takes to spell the letters with initials; 0 when they do not."""
    if not keys or keys[0][:1] != letters[0]:
        return 0
    reached = {(1, 1)}  # words taken, letters spelled
    while reached:
        taken, spelled = min(reached)
        reached.remove((taken, spelled))
        if spelled == len(letters):
            return taken
        if taken == len(keys):
            continue
        key = keys[taken]
        if key[:1] == letters[spelled]:
            reached.add((taken + 1, spelled + 1))
        if len(key) <= _LONGEST_SKIPPED:
            reached.add((taken + 1, spelled))
    return 0
