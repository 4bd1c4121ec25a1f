"""Ask about many sentences: several requests at once, answers kept as they come."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from labels.annotator.answers import Labels, Problem, Reply
from labels.annotator.cache import AnswerCache, Spent, key_of
from labels.annotator.endpoint import Endpoint, RequestFailed, sampling_of
from labels.annotator.estimate import (
    Budget,
    Estimate,
    Rates,
    bytes_of,
    estimate,
    rates_of,
)
from labels.annotator.prompt import Prompts, document
from labels.annotator.settings import EndpointSettings
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.progress import Meter


@dataclass(frozen=True)
class Question:
    """A sentence to ask about."""

    lang: str
    text: str
    key: str  # of its answer


class Asker:
    """What is asked, by one set of prompts: which question a sentence is, and of which batches."""

    def __init__(
        self, endpoint: EndpointSettings, prompts: Prompts, cache: AnswerCache, salt: str = ""
    ) -> None:
        """Take what makes the keys of answers."""
        self.prompts = prompts
        self.cache = cache
        self._model = endpoint.model
        self._sampling = sampling_of(endpoint)
        self._salt = salt

    def question(self, lang: str, text: str) -> Question:
        """Return the question about a sentence."""
        prompt = self.prompts.for_language(lang).fingerprint
        return Question(lang, text, key_of(self._model, self._sampling, prompt, text, self._salt))

    def answer(self, lang: str, text: str) -> Labels | None:
        """Return the answer about a sentence, None where there is none yet."""
        return self.cache.get(self.question(lang, text).key)

    def open_questions(self, sentences: Iterable[tuple[str, str]]) -> Iterator[Question]:
        """Yield the questions that have no answer yet, each once; a sentence is (lang, text)."""
        met: set[str] = set()
        for lang, text in sentences:
            question = self.question(lang, text)
            if question.key not in met and self.cache.get(question.key) is None:
                met.add(question.key)
                yield question


def batches(questions: Iterable[Question], size: int) -> Iterator[list[Question]]:
    """Put questions of one language together, ``size`` at a time."""
    waiting: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        waiting[question.lang].append(question)
        if len(waiting[question.lang]) == size:
            yield waiting.pop(question.lang)
    yield from waiting.values()


@dataclass
class Outcome:
    """What came of the questions; answers are in the cache."""

    problems: dict[str, Problem] = field(default_factory=dict)  # by key
    requests: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    stopped: bool = False  # the budget was spent before every question was asked


class _Run:
    def __init__(self, asker: Asker, endpoint: Endpoint, budget: Budget, attempts: int) -> None:
        self.outcome = Outcome()
        self.gone: str | None = None  # what happened when the endpoint went away
        self._asker = asker
        self._endpoint = endpoint
        self._budget = budget
        self._attempts = attempts
        self._failures = 0  # in a row

    async def work(self, waiting: Iterator[list[Question]], meter: Meter) -> None:
        """Ask batch after batch until there is none, the budget is spent or the endpoint gone."""
        for batch in waiting:
            await self.take(batch)
            if self.outcome.stopped or self.gone is not None:
                return
            meter.advance(len(batch))

    async def take(self, batch: Sequence[Question]) -> None:
        """Ask about a batch; ask again, one by one, about those without a valid answer."""
        left: Sequence[Question] = batch
        for attempt in range(self._attempts):
            groups = [list(left)] if attempt == 0 else [[question] for question in left]
            for group in groups:
                if not await self._ask(group, attempt):
                    self._leave(batch)
                    return
            left = [question for question in left if question.key in self.outcome.problems]

    def _leave(self, batch: Sequence[Question]) -> None:
        """Forget the problems of questions that were not asked as often as they may be."""
        for question in batch:
            self.outcome.problems.pop(question.key, None)

    async def _ask(self, group: Sequence[Question], attempt: int) -> bool:
        """Send one request; False where no further one is to be sent."""
        if self.outcome.stopped or self.gone is not None:
            return False
        prompt = self._asker.prompts.for_language(group[0].lang)
        messages = prompt.messages([question.text for question in group])
        size = bytes_of(messages)
        most = self._budget.tokens_of(size)
        most += self._endpoint.settings.answer_tokens * len(group)
        if not self._budget.reserve(most):
            self.outcome.stopped = True
            return False
        try:
            reply = await self._endpoint.ask(messages, prompt.schema, len(group), attempt)
        except RequestFailed as error:
            self._budget.settle(most, None)
            return self._failed(group, error, prompt.fingerprint)
        self._failures = 0
        results = self._asker.prompts.form.read(reply, len(group))
        answers: dict[str, Labels] = {}
        for question, result in zip(group, results, strict=True):
            if isinstance(result, Problem):
                self.outcome.problems[question.key] = result
            else:
                self.outcome.problems.pop(question.key, None)
                answers[question.key] = result
        spent = self._spent(reply, len(group), len(answers), size)
        self._budget.settle(most, spent)
        self._asker.cache.put(answers, self._endpoint.settings.model, prompt.fingerprint, spent)
        self.outcome.requests += 1
        self.outcome.prompt_tokens += spent.prompt_tokens
        self.outcome.answer_tokens += spent.answer_tokens
        return True

    def _failed(self, group: Sequence[Question], error: RequestFailed, prompt: str) -> bool:
        self._failures += 1
        self.outcome.problems |= {
            question.key: Problem("request_failed", f"no answer: {error}") for question in group
        }
        settings = self._endpoint.settings
        if self._failures < settings.most_failures and self._has_answered(error, prompt):
            return True
        if self.gone is None:
            self.gone = str(error)
        if error.by_settings and not self.outcome.requests:
            raise ConfigError(
                f"endpoint: expected an answer from {settings.base_url}, found {error}; look at "
                "base_url, model, api_key_variable and structured"
            )
        return False

    def _has_answered(self, error: RequestFailed, prompt: str) -> bool:
        """Whether the endpoint answers such requests, so that what fails is this one.

        What is left of an earlier run may be a sentence that fails whenever it is asked about.
        """
        if self.outcome.requests:
            return True
        if error.status is None or error.is_refusal:
            return False
        return self._asker.cache.spent(self._endpoint.settings.model, [prompt]).requests > 0

    def _spent(self, reply: Reply, texts: int, answered: int, size: int) -> Spent:
        is_counted = reply.prompt_tokens is not None and reply.answer_tokens is not None
        written = len((reply.content or "").encode())
        guessed = (self._budget.tokens_of(size), self._budget.tokens_of(written))
        return Spent(
            texts=texts,
            answered=answered,
            prompt_bytes=size,
            prompt_tokens=guessed[0] if reply.prompt_tokens is None else reply.prompt_tokens,
            answer_tokens=guessed[1] if reply.answer_tokens is None else reply.answer_tokens,
            seconds=reply.seconds,
            is_counted=is_counted,
        )


def plan_work(
    asker: Asker, sentences: Iterable[tuple[str, str]], endpoint: EndpointSettings
) -> tuple[Estimate, Rates]:
    """Estimate what the questions without an answer take, and by which rates."""
    texts: dict[str, tuple[int, int]] = {}
    for question in asker.open_questions(sentences):
        n, size = texts.get(question.lang, (0, 0))
        texts[question.lang] = (n + 1, size + len(document([question.text]).encode()))
    prompts = {lang: asker.prompts.for_language(lang) for lang in texts}
    fingerprints = [prompt.fingerprint for prompt in prompts.values()]
    rates = rates_of(endpoint, asker.prompts.form, asker.cache.spent(endpoint.model, fingerprints))
    return estimate(texts, prompts, asker.prompts.settings.batch, endpoint, rates), rates


def ask_all(
    asker: Asker,
    sentences: Callable[[], Iterable[tuple[str, str]]],
    settings: EndpointSettings,
    key: str | None,
    budget: Budget,
    attempts: int,
    meter: Meter,
) -> Outcome:
    """Ask about all sentences that have no answer yet.

    The first request is made alone, so that an endpoint that is down or refuses is told at once.

    Args:
        asker: Knows the questions, and keeps the answers.
        sentences: Gives the sentences, (lang, text).
        settings: Of the endpoint.
        key: Of the endpoint, None where it wants none.
        budget: Tokens that may be spent.
        attempts: To get a valid answer.
        meter: Is told how many sentences are done.

    Raises:
        ConfigError: The endpoint refuses the first request: key, model or form are wrong.
        DataError: The endpoint does not answer, or has gone; what it answered is kept.
    """
    size = asker.prompts.settings.batch
    waiting = batches(asker.open_questions(sentences()), size)

    async def run() -> _Run:
        async with Endpoint(settings, key) as endpoint:
            work = _Run(asker, endpoint, budget, attempts)
            first = next(waiting, None)
            if first is not None:
                await work.work(iter([first]), meter)
            if not work.outcome.stopped and work.gone is None:
                workers = [work.work(waiting, meter) for _ in range(settings.concurrency)]
                await asyncio.gather(*workers)
            return work

    done = asyncio.run(run())
    if done.gone is not None:
        kept = "nothing was asked yet"
        if done.outcome.requests:
            kept = (
                f"the answers of {done.outcome.requests} requests are kept; run it again to go on"
            )
        raise DataError(
            f"endpoint: expected answers from {settings.base_url}, found {done.gone}; {kept}"
        )
    return done.outcome
