"""Settings of a set that ``train_model`` learns from besides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from labels.pipeline.settings import Settings, filled, ranged

_KEY = re.compile(r"\w[\w-]*")  # a folder, and part of the names of weights


@dataclass(kw_only=True)
class AuxiliarySettings(Settings):
    """One set, and how much of it stands in the mixture."""

    SECTION: ClassVar[str] = "auxiliary"
    suite: str = filled()
    share: float = ranged(above=0, at_most=1)
    weight: float = ranged(above=0)

    def problems(self) -> Iterator[str]:
        """Check that the name can be that of a folder."""
        if not _KEY.fullmatch(self.suite):
            yield f"suite: expected letters, digits, _ and - alone, got {self.suite!r}"
