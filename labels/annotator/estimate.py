"""How many tokens, hours and coins the work takes: before it starts, and the budget on the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from labels.annotator.answers import NUMBER, AnswerForm
from labels.annotator.cache import Spent
from labels.annotator.prompt import Message, Prompt
from labels.annotator.settings import EndpointSettings

_BYTES_PER_TOKEN = 3.0  # before anything is known of the model: English has 4, others 3 to 6
_FRAME_BYTES = 12  # of a message, for its role
_MILLION = 1_000_000


def bytes_of(messages: list[Message]) -> int:
    """Count the bytes of the messages of a request, in UTF-8."""
    return sum(len(message["content"].encode()) + _FRAME_BYTES for message in messages)


@dataclass(frozen=True)
class Rates:
    """What requests take: as earlier ones did, else by the settings."""

    bytes_per_token: float
    answer_tokens: float  # of a text
    seconds: float  # of a request
    measured: int  # earlier requests that this rests on


def rates_of(endpoint: EndpointSettings, form: AnswerForm, before: Spent) -> Rates:
    """Find the rates.

    Args:
        endpoint: Says how long a request takes, where none was made yet.
        form: Of the answers: an answer to one text has about the size of its fields.
        before: The requests made to the model so far.
    """
    if not before.requests or not before.prompt_tokens or not before.texts:
        fields = {NUMBER: 10} | {key: max(names, key=len) for key, names in form.classes.items()}
        tokens = (len(json.dumps(fields)) + 2) / _BYTES_PER_TOKEN
        return Rates(_BYTES_PER_TOKEN, tokens, endpoint.expected_seconds, 0)
    return Rates(
        bytes_per_token=before.prompt_bytes / before.prompt_tokens,
        answer_tokens=before.answer_tokens / before.texts,
        seconds=before.seconds / before.requests,
        measured=before.requests,
    )


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What the work will take."""

    texts: int  # to ask about; those that the cache answers are none of them
    requests: int
    prompt_tokens: int
    answer_tokens: int
    seconds: float
    cost: float | None  # in the currency of the prices; None where they are not known
    measured: int  # earlier requests that this rests on


def estimate(
    texts: Mapping[str, tuple[int, int]],
    prompts: Mapping[str, Prompt],
    batch: int,
    endpoint: EndpointSettings,
    rates: Rates,
) -> Estimate:
    """Estimate the work.

    Args:
        texts: By language, how many there are, and their bytes as they are sent.
        prompts: By language.
        batch: Texts of a request.
        endpoint: Prices, and how many requests are under way at once.
        rates: What requests take.
    """
    requests, prompt_bytes, total = 0, 0, 0
    for lang, (n, size) in texts.items():
        of_lang = ceil(n / batch)
        requests += of_lang
        total += n
        prompt_bytes += of_lang * bytes_of(prompts[lang].messages([])) + size
    prompt_tokens = ceil(prompt_bytes / rates.bytes_per_token)
    answer_tokens = ceil(total * rates.answer_tokens)
    return Estimate(
        texts=total,
        requests=requests,
        prompt_tokens=prompt_tokens,
        answer_tokens=answer_tokens,
        seconds=ceil(requests / endpoint.concurrency) * rates.seconds,
        cost=cost_of(endpoint, prompt_tokens, answer_tokens),
        measured=rates.measured,
    )


def total_of(parts: Sequence[Estimate]) -> Estimate:
    """Add up estimates of works that are done one after the other; at least one."""
    costs = [part.cost for part in parts if part.cost is not None]
    return Estimate(
        texts=sum(part.texts for part in parts),
        requests=sum(part.requests for part in parts),
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        answer_tokens=sum(part.answer_tokens for part in parts),
        seconds=sum(part.seconds for part in parts),
        cost=sum(costs) if len(costs) == len(parts) else None,
        measured=max(part.measured for part in parts),
    )


def cost_of(endpoint: EndpointSettings, prompt_tokens: float, answer_tokens: float) -> float | None:
    """Say what tokens cost, None where the prices are not known."""
    if endpoint.price_input is None or endpoint.price_output is None:
        return None
    cost = prompt_tokens * endpoint.price_input + answer_tokens * endpoint.price_output
    return cost / _MILLION


class Budget:
    """Tokens that may be spent; what requests under way may take at most is set aside.

    How many tokens a prompt has is known when it was sent. Until then the worst that was met
    counts, so that only the first request may go over the budget.
    """

    def __init__(self, limit: int | None, bytes_per_token: float) -> None:
        """Begin with nothing spent; None is no limit."""
        self.spent = 0
        self.bytes_per_token = bytes_per_token  # the fewest that were met
        self._limit = limit
        self._reserved = 0

    def tokens_of(self, size: int) -> int:
        """Say how many tokens a prompt of so many bytes may have."""
        return ceil(size / self.bytes_per_token)

    def reserve(self, tokens: int) -> bool:
        """Set tokens aside for a request; False where they are not there any more."""
        if self._limit is not None and self.spent + self._reserved + tokens > self._limit:
            return False
        self._reserved += tokens
        return True

    def settle(self, reserved: int, spent: Spent | None) -> None:
        """Put what a request took, if it came to that, in the place of what was set aside."""
        self._reserved -= reserved
        if spent is not None:
            self.spent += spent.tokens
            if spent.prompt_tokens:
                met = spent.prompt_bytes / spent.prompt_tokens
                self.bytes_per_token = min(self.bytes_per_token, met)
