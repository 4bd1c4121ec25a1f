"""Where sentences name the targets of an export, by the names that it carries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from labels.pipeline.schema import Sentence
from labels.targets import Matcher, Mention, find_mentions, places, targets_of


class MentionFinder:
    """Finds what the definitions of some targets name; slow to build and fast to use."""

    def __init__(self, definitions: Iterable[Mapping[str, Any]]) -> None:
        """Take the targets as ``export.json`` defines them."""
        self._matcher = Matcher(targets_of(definitions))

    def in_sentence(self, text: str) -> list[Mention]:
        """Find the mentions of a sentence that stands alone."""
        return find_mentions(text, self._matcher)

    def in_article(self, sentences: Sequence[Sentence]) -> list[list[Mention]]:
        """Find the mentions of each sentence of an article, in reading order.

        What stands around an ambiguous name settles what it means, and a dateline names nothing.
        """
        texts = [sentence.text for sentence in sentences]
        kinds = [sentence.kind for sentence in sentences]
        found = places(texts, kinds, [sentence.lang for sentence in sentences])
        return [
            find_mentions(text, self._matcher, place)
            for text, place in zip(texts, found, strict=True)
        ]


@lru_cache(maxsize=4)  # slow to build
def finder_of(targets: str) -> MentionFinder:
    """Give the finder of some targets, as JSON; one for all who ask in a process."""
    return MentionFinder(json.loads(targets))
