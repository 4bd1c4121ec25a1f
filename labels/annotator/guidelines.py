"""The part of the guidelines that one prompt needs: the asked targets, one language's examples."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from labels.pipeline.errors import ConfigError

# Of what the model is not asked for.
_LEFT_OUT = frozenset(("Holder and voice", "Hard cases"))
_SECTION = re.compile(r"^## (.+)$")
_EXAMPLE = re.compile(r"^\| ([a-z]{2,3})-\d+ \| (.+?) \| (\S+(?: \S+)?) \|$")
_TABLE = re.compile(r"^\| (?:id \||-)|^\|---")
_BULLET = re.compile(r"^- `(\w+)` - ")


def read_guidelines(path: Path) -> str:
    """Read the guidelines.

    Raises:
        ConfigError: The file cannot be read, or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: expected guidelines in UTF-8: {error}") from error
    if not text.strip():
        raise ConfigError(f"{path}: expected guidelines, found an empty file")
    return text


def guidelines_for(text: str, lang: str, passed_over: Collection[str]) -> str:
    """Cut the guidelines to what is asked.

    Args:
        text: Markdown; an example is a row ``| en-0001 | sentence | target label |`` of a table.
        lang: The language whose examples are kept, as lines ``"sentence" -> target label``.
        passed_over: Targets that are not asked about: their examples and bullets are left out.
    """
    lines = _without_targets(_without_sections(text.splitlines()), passed_over)
    kept: list[str] = []
    for line in lines:
        example = _EXAMPLE.match(line)
        if example is not None:
            of_lang, sentence, label = example.groups()
            if of_lang == lang and label.partition(" ")[0] not in passed_over:
                kept.append(f'- "{sentence}" -> {label}')
        elif not _TABLE.match(line):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def examples_in(text: str) -> set[str]:
    """Return the sentences that stand in the guidelines as examples."""
    found = (_EXAMPLE.match(line) for line in text.splitlines())
    return {match[2] for match in found if match is not None}


def _without_sections(lines: Collection[str]) -> Iterator[str]:
    keeps = True
    for line in lines:
        heading = _SECTION.match(line)
        if heading is not None:
            keeps = heading[1].strip() not in _LEFT_OUT
        if keeps:
            yield line


def _without_targets(lines: Iterator[str], passed_over: Collection[str]) -> Iterator[str]:
    """Leave out the bullets of some targets, with the lines that go on below them."""
    keeps = True
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet is not None:
            keeps = bullet[1] not in passed_over
        elif not line.startswith("  "):
            keeps = True
        if keeps:
            yield line
