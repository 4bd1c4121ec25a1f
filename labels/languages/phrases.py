"""Find many phrases at once in the words of a text.

A phrase is words between spaces. ``a|b`` stands for either word, ``..`` for up to `LONGEST_GAP`
words of any kind, ``=word`` for exactly this spelling, ``^word`` for a word with no clitic cut
off, a word in capitals only (``OKI``, ``РФ``) matches capitals only, and ``!Oki`` these capitals
and small letters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from labels.languages.morphology import RUSSIAN, Forms, Token, inflect
from labels.pipeline.errors import ConfigError

LONGEST_GAP = 3  # words


class Hit(NamedTuple):
    """A phrase found in ``tokens[first : last + 1]``."""

    first: int
    last: int
    label: str
    text: str  # the phrase as the lexicon writes it

    @property
    def places(self) -> range:
        """Numbers of the words that the phrase covers, words in its gaps included."""
        return range(self.first, self.last + 1)

    def span(self, words: Sequence[Token]) -> tuple[int, int]:
        """Return where the phrase stands in the text of the words: its start and end."""
        return words[self.first].start, words[self.last].end


@dataclass(slots=True)
class _Node:
    children: dict[str, list["_Node"]] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)


class PhraseIndex:
    """A trie over inflected words; building is slow, searching costs one look-up a word and key."""

    def __init__(
        self, phrases: Mapping[str, Mapping[str, Sequence[str]]], russian: Forms = RUSSIAN
    ) -> None:
        """Build from ``{label: {language: [phrase, ...]}}``.

        Args:
            phrases: As above.
            russian: The forms of Russian words; by default the analyser is asked.

        Raises:
            ConfigError: A phrase is empty, or begins or ends with a gap.
            KeyError: There are no forms of a word.
        """
        self._russian = russian
        self._root = _Node()
        self._first_keys: dict[str, set[str]] = {}  # by label
        self._paths: dict[tuple[tuple[str, ...], ...], _Node] = {(): self._root}
        for label, by_language in phrases.items():
            for lang, written in by_language.items():
                for phrase in written:
                    self._add(label, lang, phrase)

    def _add(self, label: str, lang: str, phrase: str) -> None:
        elements = str(phrase).replace("-", " ").split()
        if not elements or elements[0] == ".." or elements[-1] == "..":
            raise ConfigError(f"{label}.{lang}: expected a phrase of words, got {phrase!r}")
        first_keys = _element_keys(elements[0], lang, self._russian)
        self._first_keys.setdefault(label, set()).update(first_keys)
        path: tuple[tuple[str, ...], ...] = ()
        node = self._root
        for element in elements:
            keys = () if element == ".." else _element_keys(element, lang, self._russian)
            path = (*path, keys)
            child = self._paths.get(path)
            if child is None:
                child = self._paths[path] = _Node()
                for key in keys or ("..",):
                    node.children.setdefault(key, []).append(child)
            node = child
        if (label, phrase) not in node.ends:
            node.ends.append((label, phrase))

    def first_keys(self, labels: Iterable[str]) -> set[str]:
        """Give the keys of all words that a phrase of some labels begins with."""
        return {key for label in labels for key in self._first_keys.get(label, ())}

    def find(self, words: Sequence[Token]) -> list[Hit]:
        """List every phrase, overlaps included, by first word, then by last."""
        starts = self._root.children
        hits: dict[tuple[int, int, str], Hit] = {}
        for position, token in enumerate(words):
            for key in token.keys:
                if key in starts:
                    for node in starts[key]:
                        for label, text in node.ends:
                            hits[position, position, label] = Hit(position, position, label, text)
                        if node.children:
                            _Walk(words, position, hits).follow(node, position)
        return [hits[place] for place in sorted(hits)]


class _Walk:
    """The search for phrases that begin at one word and end in its clause."""

    def __init__(
        self, words: Sequence[Token], first: int, hits: dict[tuple[int, int, str], Hit]
    ) -> None:
        """Begin at ``words[first]``; what is found is added to ``hits``."""
        self._words = words
        self._first = first
        self._hits = hits
        self._end = next(
            (place for place in range(first + 1, len(words)) if words[place].gap == 2), len(words)
        )

    def follow(self, node: _Node, position: int) -> None:
        """Go on from a node, which stands for the word at ``position``."""
        for gap in node.children.get("..", ()):
            for skipped in range(LONGEST_GAP + 1):
                self._step(gap, position + skipped + 1)
        self._step(node, position + 1)

    def _step(self, node: _Node, position: int) -> None:
        """Add the phrases of which the word at ``position`` is the next."""
        if position >= self._end:
            return
        for key in self._words[position].keys:
            for child in node.children.get(key, ()):
                for label, text in child.ends:
                    self._hits[self._first, position, label] = Hit(
                        self._first, position, label, text
                    )
                if child.children:
                    self.follow(child, position)


def _element_keys(element: str, lang: str, russian: Forms) -> tuple[str, ...]:
    keys: set[str] = set()
    for word in element.split("|"):
        bare = word.lstrip("=^!")
        if word.startswith("!") or (len(bare) > 1 and bare.isupper()):
            keys.add("!" + bare)
        elif word.startswith("^"):
            keys.update("^" + form for form in inflect(bare, lang, russian))
        else:
            keys.update(inflect(word, lang, russian))
    return tuple(sorted(keys))
