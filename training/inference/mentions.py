"""Where sentences name the targets of an export, by the names that it carries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from labels.languages.morphology import RUSSIAN, Forms
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Sentence, SentenceKind
from labels.targets import Matcher, Mention, find_mentions, places, targets_of


class MentionFinder:
    """Finds what the definitions of some targets name; slow to build and fast to use."""

    def __init__(self, definitions: Iterable[Mapping[str, Any]], russian: Forms = RUSSIAN) -> None:
        """Take the targets as ``export.json`` defines them.

        Args:
            definitions: One for each target.
            russian: The forms of the Russian words in their names; by default an analyser, which
                is no part of what scoring needs, is asked.

        Raises:
            DataError: There are no forms of a word.
        """
        try:
            self._matcher = Matcher(targets_of(definitions), russian)
        except KeyError as error:
            raise DataError(
                f"export.json: russian_forms: expected the forms of {error}, which is in a name of "
                "a target, found none; export the model again"
            ) from error

    def in_sentence(self, text: str, lang: str | None = None) -> list[Mention]:
        """Find the mentions of a sentence that stands alone.

        Args:
            text: The sentence.
            lang: Its language; where it is known, a dateline that opens the sentence names nothing.
        """
        if lang is None:
            return find_mentions(text, self._matcher)
        (place,) = places([text], [SentenceKind.body], [lang])
        return find_mentions(text, self._matcher, place)

    def in_article(
        self, sentences: Sequence[Sentence], published: str | None = None
    ) -> list[list[Mention]]:
        """Find the mentions of each sentence of an article, in reading order.

        What stands around an ambiguous name settles what it means, and a dateline names nothing.

        Args:
            sentences: Of the article.
            published: Its ISO date, which tells who was in office; None where it is not known.
        """
        texts = [sentence.text for sentence in sentences]
        kinds = [sentence.kind for sentence in sentences]
        found = places(texts, kinds, [sentence.lang for sentence in sentences], published)
        return [
            find_mentions(text, self._matcher, place)
            for text, place in zip(texts, found, strict=True)
        ]


@lru_cache(maxsize=4)  # slow to build
def finder_of(names: str) -> MentionFinder:
    """Give the finder of what `names_of` an export gives; one for all who ask in a process."""
    targets, russian = json.loads(names)
    return MentionFinder(targets, {word: forms.split() for word, forms in russian.items()})
