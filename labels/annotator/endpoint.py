"""The endpoint, through the client of OpenAI: one request, its retries, and what can go wrong.

The client itself tries again after 408, 409, 429, 5xx, a time-out or a broken connection, waits
as ``Retry-After`` says (up to two minutes) or twice as long each time, with some jitter.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from time import monotonic
from types import TracebackType
from typing import Any

from labels.annotator.answers import Reply
from labels.annotator.prompt import Message
from labels.annotator.settings import NEEDED, EndpointSettings, Structured
from labels.pipeline.errors import ConfigError

try:
    import openai
    from openai.types.chat import ChatCompletion
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(f"{error}; {NEEDED}") from error

_NO_KEY = "none"  # the client wants one; a server without keys does not look at it
_SHOWN = 300  # characters of what the endpoint said


class RequestFailed(Exception):
    """A request failed for good, after its retries."""

    def __init__(self, message: str, status: int | None) -> None:
        """Take what happened, and the HTTP status, None where the endpoint sent none."""
        super().__init__(message)
        self.status = status

    @property
    def by_settings(self) -> bool:
        """Whether key, address, model or the form of answers may be wrong, or the text too long."""
        return self.is_refusal or self.status in (400, 422)

    @property
    def is_refusal(self) -> bool:
        """Whether the endpoint knows neither the key nor the model, whatever is asked."""
        return self.status in (401, 403, 404)


def read_key(settings: EndpointSettings) -> str | None:
    """Take the key from the environment.

    Raises:
        ConfigError: The variable is not set.
    """
    name = settings.api_key_variable
    if name is None:
        return None
    key = os.environ.get(name, "").strip()
    if not key:
        raise ConfigError(
            f"endpoint.api_key_variable: expected the key in the environment variable {name}, "
            "which is not set; null for a server that wants no key"
        )
    return key


def sampling_of(settings: EndpointSettings) -> dict[str, Any]:
    """List what a request holds, beside prompt and text, that may change an answer."""
    return {
        "temperature": settings.temperature,
        "seed": settings.seed,
        "structured": settings.structured.value,
        "extra": settings.extra,
    }


class Endpoint(AbstractAsyncContextManager["Endpoint"]):
    """Asks the model; to be used in an ``async with``."""

    def __init__(self, settings: EndpointSettings, key: str | None) -> None:
        """Connect to nothing yet."""
        self.settings = settings
        self._key = key
        self._client = openai.AsyncOpenAI(
            api_key=key or _NO_KEY,
            base_url=settings.base_url,
            timeout=settings.timeout_seconds,
            max_retries=settings.retries,
        )

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(
        self, messages: Sequence[Message], schema: Mapping[str, Any], n_texts: int, attempt: int
    ) -> Reply:
        """Send a request.

        Args:
            messages: Of the request.
            schema: JSON Schema of the answer.
            n_texts: Texts that are asked about.
            attempt: From 0; the sampling of a further attempt has another seed.

        Raises:
            RequestFailed: There is no answer, also after the retries.
        """
        start = monotonic()
        create: Any = self._client.chat.completions.create  # its overloads take no built mapping
        try:
            completion = await create(**self._request(messages, schema, n_texts, attempt))
        except openai.APIStatusError as error:
            message = f"HTTP {error.status_code}: {self._told(error)}"
            raise RequestFailed(message, error.status_code) from error
        except (openai.OpenAIError, ValueError) as error:  # ValueError: a body that is no JSON
            raise RequestFailed(self._told(error), None) from error
        return self._reply(completion, monotonic() - start)

    def _request(
        self, messages: Sequence[Message], schema: Mapping[str, Any], n_texts: int, attempt: int
    ) -> dict[str, Any]:
        settings = self.settings
        request: dict[str, Any] = {"model": settings.model, "messages": list(messages)}
        request[settings.limit_field.value] = settings.answer_tokens * n_texts
        if settings.temperature is not None:
            request["temperature"] = settings.temperature
        if settings.seed is not None:
            request["seed"] = settings.seed + attempt
        if settings.structured is Structured.json_schema:
            form = {"name": "answers", "strict": True, "schema": schema}
            request["response_format"] = {"type": "json_schema", "json_schema": form}
        elif settings.structured is Structured.json_object:
            request["response_format"] = {"type": "json_object"}
        if settings.extra:
            request["extra_body"] = settings.extra
        return request

    def _reply(self, completion: object, seconds: float) -> Reply:
        if not isinstance(completion, ChatCompletion) or not completion.choices:
            shown = repr(completion)[:_SHOWN]
            raise RequestFailed(f"expected a chat completion, found {shown}", None)
        choice, usage = completion.choices[0], completion.usage
        return Reply(
            content=choice.message.content,
            refusal=choice.message.refusal,
            finish_reason=choice.finish_reason,
            prompt_tokens=usage.prompt_tokens if usage else None,
            answer_tokens=usage.completion_tokens if usage else None,
            seconds=seconds,
        )

    def _told(self, error: Exception) -> str:
        """Say what the endpoint said, without the key that some repeat."""
        cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else None
        text = f"{error} {cause}" if cause is not None and str(cause) else str(error)
        return (text.replace(self._key, "***") if self._key else text)[:_SHOWN]
