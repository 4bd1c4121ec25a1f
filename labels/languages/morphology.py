"""Words as the matchers see them: exact places in the text, folded spelling, inflected forms.

A word of the text is looked up under several keys (with and without its clitics); a word of a
lexicon is expanded into its inflected forms once, when the index is built. What is cut off and
what is put on stands in ``labels/languages/<lang>/morphology.yaml``; the rules are chosen by the
script of the word, so that a wrong language code does little harm.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, TypedDict

from labels.languages import has, load
from labels.letters import normalize, unstyle

_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u00ad\u200b-\u200f\u2060\ufe0f\ufeff"
)
# The letters of an abbreviation that stand apart are one word: O.I.C., О. И. С., O I C.
_SPELLED = (
    r"(?<![^\W\d_]\.)[^\W\d_](?>(?:\.[^\W\d_]){2,})(?:\.(?!\w)|(?![\w.]))"
    r"|[A-ZА-ЯЁ](?:\.?\ [A-ZА-ЯЁ](?!\w)){2,}\.?"
)
_TOKEN = re.compile(rf"(?:https?://|www\.)\S+|@\w+|{_SPELLED}|[^\W_](?:[^\W_]|[{_MARKS}])*")
# Words that lost their space where a link was taken out: no Arabic word goes on after ة or ى.
_GLUED = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|(?<=[ةى])(?=[ء-ي])")
_BREAK = re.compile(r"[.!?;:,،؛؟…|\n]")
_STRONG_BREAK = re.compile(r"[.!?;:؛؟…|\n]| [-–—] ")
_BRACKET = re.compile(r"[()\[\]]")
_ROUND = str.maketrans("[]", "()")
_SPELLED_WORD = re.compile(_SPELLED)
_BETWEEN_WORDS = re.compile(r"(\W+)")
# What keeps a text from being cut at `_BETWEEN_WORDS`: links, account names, marks inside words,
# letters that may be spelled.
_UNUSUAL = re.compile(
    rf"[_@{_MARKS}]|://|www\.|\.[^\W\d_]\.[^\W\d_]|\ [A-ZА-ЯЁ]\.?\ [A-ZА-ЯЁ](?!\w)"
)
_FOLDED = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ё": "е"}
)
_SURNAME_ENDINGS = ("ов", "ев", "ин", "ын")
_UNLIKELY = 0.05  # parses of a lower probability do not count
_LONGEST_UNCUT = 5  # letters that a word may have which is not looked at for a lost space
_LONGEST_WORD = 60  # letters; a longer run is no word, and is not looked up


class Token(NamedTuple):
    """One word: ``text[start:end]`` in code points."""

    start: int
    end: int
    raw: str  # in plain letters: see `labels.letters`
    key: str  # folded spelling
    keys: tuple[str, ...]  # all spellings under which it is looked up
    gap: int  # what lies before it: 0 nothing that separates, 1 a comma or the like, 2 a clause end
    brackets: str = ""  # those that lie before it, in order; round and square ones are alike


def fold(word: str) -> str:
    """Fold case, the letters as `normalize` does, hamza seats, alef, ya and ta marbuta, and ё."""
    return normalize(word).lower().translate(_FOLDED)


def _keys_of(raw: str) -> tuple[str, str, tuple[str, ...]]:
    """Give a word in plain letters, folded, and its look-up keys.

    `^` marks the whole word, `!` one with a capital.
    """
    written = normalize(raw)
    key = fold(written)
    if not key:
        return raw, "", ()
    keys = (*lookup_keys(key), "^" + key)
    return written, key, ((*keys, "!" + written) if written[0].isupper() else keys)


def tokens(text: str) -> list[Token]:
    """Cut a text into words.

    Links and account names are skipped, ``CamelCase`` is cut in two, the letters of ``O.I.C.`` are
    one word.
    """
    cut = _cut(unstyle(text))
    found: list[Token] = []
    start, before = 0, ""  # of the next word
    for word, after in zip(cut[::2], cut[1::2], strict=True):
        if word:
            gap, brackets = (0, "") if before == " " else _separation(before)
            if not found:
                gap = 2
            for offset, length, raw, key, keys in _pieces(word):
                first = start + offset
                found.append(Token(first, first + length, raw, key, keys, gap, brackets))
                gap, brackets = 0, ""
        start += len(word) + len(after)
        before = after
    return found


def _cut(text: str) -> list[str]:
    """Cut a text into words and what follows each, in turn; the first word may be empty."""
    if not _UNUSUAL.search(text):
        return [*_BETWEEN_WORDS.split(text), ""]
    cut = [""]
    last = 0
    for start, end in _spans(text):
        cut += text[last:start], text[start:end]
        last = end
    return [*cut, ""]


@lru_cache(maxsize=1 << 12)
def _separation(between: str) -> tuple[int, str]:
    """Tell the gap and the brackets that lie between two words."""
    gap = 2 if _STRONG_BREAK.search(between) else 1 if _BREAK.search(between) else 0
    return gap, "".join(_BRACKET.findall(between)).translate(_ROUND)


@lru_cache(maxsize=1 << 17)
def _pieces(word: str) -> tuple[tuple[int, int, str, str, tuple[str, ...]], ...]:
    """Cut a word as written where its space was lost.

    Returns:
        For each piece its place in the word, its length, and what `_keys_of` gives.
    """
    cuts = [0, len(word)]
    if len(word) > _LONGEST_UNCUT and not word[1:].islower() and not word.isupper():
        cuts[1:1] = [cut.start() for cut in _GLUED.finditer(word)]
    pieces = []
    for start, end in pairwise(cuts):
        raw = word[start:end]
        if not raw.isalnum() and _SPELLED_WORD.fullmatch(raw):
            raw = raw.replace(".", "").replace(" ", "")
        looked_up = _keys_of(raw) if end - start <= _LONGEST_WORD else (raw, "", ())
        pieces.append((start, end - start, *looked_up))
    return tuple(pieces)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word[0] != "@" and not word.startswith(("http://", "https://", "www.")):
            yield match.span()


def script_of_word(word: str) -> str:
    """Tell the script of a word by its first letter: ``ar``, ``ru`` or ``latin``."""
    first = word[:1]
    if "\u0600" <= first <= "\u06ff":
        return "ar"
    return "ru" if "\u0400" <= first <= "\u052f" else "latin"


def lookup_keys(key: str) -> tuple[str, ...]:
    """List the spellings under which a folded word of the text is looked up, itself first."""
    script = script_of_word(key)
    if script == "ar":
        return _arabic_keys(key)
    if script == "latin":
        rules = _rules("id")
        for ending in rules["enclitics"]:
            stem = key.removesuffix(ending)
            if stem != key and len(stem) >= rules["shortest_stem"]:
                return (key, stem)
    return (key,)


def _arabic_keys(key: str) -> tuple[str, ...]:
    rules = _rules("ar")
    shortest = rules["shortest_stem"]
    keys = {key: None}
    for prefix in rules["proclitics"]:
        if key.startswith(prefix) and len(key) - len(prefix) >= shortest:
            keys.setdefault(key[len(prefix) :])
    for stem in tuple(keys):
        for suffix in rules["enclitics"]:
            if stem.endswith(suffix) and len(stem) - len(suffix) >= shortest:
                bare = stem[: -len(suffix)]
                keys.setdefault(bare)
                if bare.endswith("ت"):  # ta marbuta opens before a suffix: hudna, hudnatuha
                    keys.setdefault(bare[:-1] + "ه")
    return tuple(keys)


class RussianForms(dict[str, frozenset[str]]):
    """The forms of Russian words, all folded; the analyser is asked for each word once."""

    def __missing__(self, word: str) -> frozenset[str]:
        """Ask the analyser for the forms of a dictionary form; another word has no further one."""
        forms = {word}
        for parse in _morph().parse(word):
            if fold(parse.normal_form) == word:
                forms.update(fold(form.word) for form in parse.lexeme)
                break
        self[word] = frozenset(forms)
        return self[word]


Forms = Mapping[str, Collection[str]]
"""The forms of Russian words: `RussianForms`, or what it held, where there is no analyser."""

RUSSIAN = RussianForms()


def inflect(word: str, lang: str, russian: Forms = RUSSIAN) -> Collection[str]:
    """Give every form, folded, that one word of a lexicon or alias stands for.

    A leading ``=`` keeps the word as it is. A capital letter makes a Russian word in -ов or -ин a
    surname. An Indonesian root ends with ``~`` and stands for its
    active, nominal and bare forms; ``di~root`` stands for its passive forms.

    Raises:
        KeyError: A table of Russian forms was given that lacks the word.
    """
    if word.startswith("="):
        return {fold(word[1:])}
    key = fold(word)
    if lang == "ru" and script_of_word(key) == "ru":
        return {*russian[key], *_surname(key)} if word.istitle() else russian[key]
    builders = {"ar": _arabic, "id": _indonesian, "en": _english}
    return builders[lang](key) if lang in builders else {key}


def _surname(name: str) -> frozenset[str]:
    """Decline a Russian surname in -ов, -ев, -ин, -ын, of a man; of others there are no forms.

    The analyser knows frequent surnames alone. Of a woman's the genitive is a man's dative, so
    those are written out where they are needed.
    """
    if not name.endswith(_SURNAME_ENDINGS):
        return frozenset()
    return frozenset(name + ending for ending in ("", "а", "у", "ым", "е"))


@cache
def _morph() -> Any:  # noqa: ANN401 - the analyser has no types
    import pymorphy3  # only where a Russian word has to be inflected

    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=1 << 14)
def _cases(word: str) -> frozenset[str]:
    likely = (parse for parse in _morph().parse(word) if parse.score > _UNLIKELY)
    return frozenset(parse.tag.case for parse in likely if parse.tag.case)


def is_nominative(word: str) -> bool:
    """Tell whether a Russian word can only be a nominative (so it is a subject)."""
    return _cases(word) == {"nomn"}


def is_oblique(word: str) -> bool:
    """Tell whether a Russian word cannot be a nominative (so it is no subject)."""
    return bool(_cases(word)) and "nomn" not in _cases(word)


def is_accusative(word: str) -> bool:
    """Tell whether a Russian word can only be an accusative (so it is an object)."""
    return _cases(word) == {"accs"}


@lru_cache(maxsize=1 << 14)
def is_passive(word: str) -> bool:
    """Tell whether a Russian word is most likely a passive participle."""
    return bool(_morph().parse(word)[0].tag.voice == "pssv")


def _arabic(word: str) -> frozenset[str]:
    bare = word.removeprefix("ال")
    forms = {word, bare if len(bare) >= 3 else word}
    if word.startswith("ي") and len(word) >= 4:  # a present-tense verb: all its persons
        forms.update(person + word[1:] for person in "يتنا")
    return frozenset(forms)


def _english(word: str) -> frozenset[str]:
    if len(word) < 3:
        return frozenset({word})
    stem = word[:-1] if word.endswith("e") else word
    forms = {word, word + "s", stem + "ed", stem + "ing"}
    if word.endswith("y") and word[-2] not in "aeiou":
        forms |= {word[:-1] + "ies", word[:-1] + "ied"}
    if word.endswith(("s", "x", "ch", "sh", "o")):
        forms.add(word + "es")
    if word[-1] not in "aeiouwxy" and word[-2] in "aeiou" and word[-3] not in "aeiou":
        forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return frozenset(forms)


def _indonesian(word: str) -> frozenset[str]:
    if word.startswith("di~"):
        root = word[3:]
        return frozenset({"di" + root, f"di{root}kan", f"di{root}i", f"ter{root}"})
    if not word.endswith("~"):
        return frozenset({word})
    root = word[:-1]
    stems = {_nasal(root, "me"), root}
    forms = {stem + ending for stem in stems for ending in ("", "kan", "i")}
    forms |= {root + "an", _nasal(root, "pe") + "an", _nasal(root, "pe")}
    return frozenset(forms)


def _nasal(root: str, prefix: str) -> str:
    """Put meN- or peN- before a root: kecam, mengecam; tolak, menolak; sambut, menyambut."""
    for initials, nasal, cut in _rules("id")["nasal"]:
        if root.startswith(tuple(initials)):
            return f"{prefix}{nasal}{root[cut:]}"
    return prefix + root


def proclitics(lang: str) -> tuple[str, ...]:
    """Give what a language writes together with the word that follows, longest first."""
    return _rules(lang)["proclitics"] if has(lang, "morphology") else ()


class _Rules(TypedDict):
    """The content of a ``morphology.yaml``."""

    proclitics: tuple[str, ...]  # both longest first
    enclitics: tuple[str, ...]
    shortest_stem: int  # letters
    nasal: list[tuple[list[str], str, int]]  # initials, the nasal, letters of the root that go


@cache
def _rules(lang: str) -> _Rules:
    written = load(lang, "morphology")
    return _Rules(
        proclitics=_longest_first(written.get("proclitics", ())),
        enclitics=_longest_first(written.get("enclitics", ())),
        shortest_stem=written["shortest_stem"],
        nasal=written.get("nasal", []),
    )


def _longest_first(clitics: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(clitics, key=lambda clitic: (-len(clitic), clitic)))
