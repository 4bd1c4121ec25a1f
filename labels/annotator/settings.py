"""Settings of the language-model annotator, and of the stage ``annotate_sentences``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from omegaconf import MISSING

from labels.pipeline.settings import Settings, StageSettings, filled, literal, ranged

NEEDED = "the annotator needs: pip install --editable '.[train,annotate]'"

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Structured(Enum):
    """How the endpoint is told the form of an answer; what comes back is checked all the same."""

    json_schema = "json_schema"  # the schema; vLLM, llama.cpp, Ollama and OpenAI keep to it
    json_object = "json_object"  # any JSON object
    none = "none"  # by the prompt alone


class LimitField(Enum):
    """The field of a request that limits the tokens of an answer."""

    max_tokens = "max_tokens"  # that servers on one's own machine know
    max_completion_tokens = "max_completion_tokens"  # that newer models of OpenAI want


class PromptLanguage(Enum):
    """The language of the instructions; the guidelines are in English."""

    english = "english"
    sentence = "sentence"  # that of the sentence


class Wording(Enum):
    """Which of the wordings of ``wordings.yaml`` the instructions have."""

    standard = "standard"
    paraphrase = "paraphrase"


class OptionOrder(Enum):
    """The order in which the classes of a task are named."""

    defined = "defined"
    reversed = "reversed"


@dataclass(kw_only=True)
class EndpointSettings(Settings):
    """Which model is asked, and how."""

    SECTION: ClassVar[str] = "endpoint"
    base_url: str = literal()
    model: str = literal()
    api_key_variable: str | None = MISSING
    structured: Structured = MISSING
    temperature: float | None = ranged(at_least=0, at_most=2)
    seed: int | None = ranged(at_least=0)
    answer_tokens: int = ranged(at_least=16)
    limit_field: LimitField = MISSING
    concurrency: int = ranged(at_least=1)
    timeout_seconds: float = ranged(above=0)
    retries: int = ranged(at_least=0)
    most_failures: int = ranged(at_least=1)
    expected_seconds: float = ranged(above=0)
    price_input: float | None = ranged(at_least=0)
    price_output: float | None = ranged(at_least=0)
    extra: Any = MISSING  # a mapping or null: Hydra takes no new key for a typed one

    def problems(self) -> Iterator[str]:
        """Check the address, and that no key stands where it would be written down."""
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            yield f"base_url: expected http://HOST/v1 or https://HOST/v1, got {self.base_url!r}"
        if url.username or url.password or url.query:
            yield (
                "base_url: expected an address without user, password or query, which reports "
                "would show; a key belongs into the variable named by api_key_variable"
            )
        if self.api_key_variable is not None and not _VARIABLE.fullmatch(self.api_key_variable):
            yield "api_key_variable: expected the name of an environment variable, not a key"
        if not self.model.strip():
            yield "model: expected its name at the endpoint, got none"
        if (self.price_input is None) is not (self.price_output is None):
            yield "price_input, price_output: expected both or neither"
        if self.extra is not None and not isinstance(self.extra, dict):
            yield f"extra: expected a mapping such as {{top_p: 0.9}}, got {self.extra!r}"


@dataclass(kw_only=True)
class PromptSettings(Settings):
    """What the model is told beside the sentences."""

    SECTION: ClassVar[str] = "prompt"
    guidelines: Path = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    names: int = ranged(at_least=0)
    examples: int = ranged(at_least=0)
    example_gold: list[Path] = MISSING
    batch: int = ranged(at_least=1)
    language: PromptLanguage = MISSING
    wording: Wording = MISSING
    option_order: OptionOrder = MISSING
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that the files are there."""
        if not self.guidelines.is_file():
            yield f"guidelines: no file {self.guidelines}"
        if self.examples:
            if not self.example_gold:
                yield "example_gold: expected a gold file, or examples=0"
            missing = (path for path in self.example_gold if not path.is_file())
            yield from (f"example_gold: no file {path}" for path in missing)


@dataclass(kw_only=True)
class AnnotateSettings(StageSettings):
    """Settings of ``annotate_sentences``."""

    SECTION: ClassVar[str] = "annotate_sentences"
    endpoint: EndpointSettings = MISSING
    prompt: PromptSettings = MISSING
    sentences: Path = MISSING
    mentions: Path | None = MISSING
    most_sentences: int | None = ranged(at_least=1)
    output: Path = MISSING
    labeller: str = literal()
    cache: Path = MISSING
    attempts: int = ranged(at_least=1)
    budget_tokens: int | None = ranged(at_least=1)
    dry_run: bool = MISSING
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that the votes have a name."""
        if not self.labeller.strip():
            yield "labeller: expected a name, got none"
