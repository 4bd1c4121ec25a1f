"""Settings of ``serve_model``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import Settings, literal, ranged
from training.inference.processor import AskedVariant

_HOST_NAME = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)


@dataclass(kw_only=True)
class ServeSettings(Settings):
    """Settings of ``serve_model``."""

    SECTION: ClassVar[str] = "serve_model"
    model: Path = MISSING
    host: str = literal()
    port: int = ranged(at_least=0, at_most=65_535)
    allowed_hosts: list[str] = MISSING
    token_file: Path | None = MISSING
    max_body_megabytes: float = ranged(above=0, at_most=1_000)
    max_items: int = ranged(at_least=1, at_most=100_000)
    max_characters: int = ranged(at_least=1, at_most=10_000_000)
    max_waiting: int = ranged(at_least=1, at_most=100_000)
    timeout_seconds: float = ranged(above=0, at_most=3_600)
    batch_sentences: int = ranged(at_least=1, at_most=100_000)
    batch_tokens: int = ranged(at_least=1)
    readers: int = ranged(at_least=1, at_most=1024)
    threads: int = ranged(at_least=0, at_most=1024)
    variant: AskedVariant = MISSING

    def problems(self) -> Iterable[str]:
        """Refuse what is no name of a host, such as an address with a port, or a wildcard."""
        for name in self.allowed_hosts:
            if not _HOST_NAME.fullmatch(name):
                yield f"allowed_hosts: expected names without a port, got {name!r}"
