"""The stage ``audit_annotator``: gold in, the audit card of a language model out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console

from labels.annotator.account import show_estimate
from labels.annotator.answers import Problem
from labels.annotator.audit.measures import Judged, score_flips, score_slice
from labels.annotator.audit.page import audit_page
from labels.annotator.audit.records import ALL, Audit, AuditCost, AuditFlip, AuditScore
from labels.annotator.audit.settings import AuditSettings, Variant
from labels.annotator.cache import AnswerCache, open_cache
from labels.annotator.endpoint import read_key
from labels.annotator.estimate import Budget, cost_of, total_of
from labels.annotator.examples import GoldSentence, read_gold_sentences
from labels.annotator.prompt import Prompts, plain
from labels.annotator.run import Asker, ask_all, plan_work
from labels.annotator.settings import OptionOrder, PromptLanguage, PromptSettings, Wording
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.progress import meter
from labels.pipeline.schema import SENTIMENT_TASK, STANCE, Task

_THOUSAND = 1000


@dataclass(frozen=True)
class _Asking:
    """One way to ask, and about which sentences."""

    variant: Variant | None  # None: the prompt that is scored
    asker: Asker
    sentences: Sequence[GoldSentence]

    def questions(self) -> Iterable[tuple[str, str]]:
        return ((sentence.lang, sentence.text) for sentence in self.sentences)


@dataclass(frozen=True)
class _Material:
    """Gold to hold the answers to, and what was left out."""

    sentences: list[GoldSentence]
    rejects: int
    shown: int


def audit_annotator(settings: AuditSettings) -> None:
    """Ask a language model about gold sentences, in several ways, and write its card.

    Writes ``audit.json`` and ``audit.md`` into ``settings.output``. Answers are kept as they come,
    so a run that was stopped goes on where it was.

    Raises:
        ConfigError: A setting or file of the prompt is wrong, the key is missing, or the endpoint
            refuses the first request.
        DataError: Gold cannot be read or none can be used, or the endpoint is down or goes away.
    """
    console = Console(stderr=True)
    rng = np.random.default_rng(settings.seed)
    prompts = Prompts(settings.prompt)
    key = None if settings.dry_run else read_key(settings.endpoint)
    material = _material(settings, prompts, rng)
    with open_cache(settings.cache) as cache:
        askings = _askings(settings, prompts, material.sentences, cache, rng)
        plans = [plan_work(one.asker, one.questions(), settings.endpoint) for one in askings]
        needed = total_of([plan for plan, _ in plans])
        show_estimate(console, needed, settings.endpoint, settings.budget_tokens)
        if settings.dry_run:
            return
        fewest = min(rates.bytes_per_token for _, rates in plans)
        budget = Budget(settings.budget_tokens, fewest)
        problems: dict[str, Problem] = {}
        with meter(console, "asking", "sentences", needed.texts) as progress:
            for one, (plan, _) in zip(askings, plans, strict=True):
                if not plan.texts:
                    continue
                outcome = ask_all(
                    *(one.asker, one.questions, settings.endpoint, key, budget),
                    *(settings.attempts, progress),
                )
                if outcome.stopped:
                    told = "the budget is spent and no card is written; the same command goes on"
                    console.print(told, highlight=False)
                    return
                problems |= outcome.problems
        audit = _audit(settings, material, askings, problems, rng)
    write_json(settings.output / "audit.json", audit)
    with atomic_path(settings.output / "audit.md") as temporary:
        temporary.write_text(audit_page(audit), encoding="utf-8")
    console.print(f"card: {settings.output / 'audit.md'}", markup=False, highlight=False)


def _material(settings: AuditSettings, prompts: Prompts, rng: np.random.Generator) -> _Material:
    known = sorted(path.stem for path in settings.prompt.target_folder.glob("*.yaml"))
    gold, rejects = read_gold_sentences(settings.gold, settings.prompt.targets, known)
    unseen = [sentence for sentence in gold if plain(sentence.text) not in prompts.told]
    if not unseen:
        raise DataError(
            f"gold: expected sentences that the prompt does not show, found none in "
            f"{len(gold)} of {', '.join(map(str, settings.gold))}"
        )
    by_lang: dict[str, list[GoldSentence]] = defaultdict(list)
    for sentence in unseen:
        by_lang[sentence.lang].append(sentence)
    drawn: list[GoldSentence] = []
    for lang in sorted(by_lang):
        order = rng.permutation(len(by_lang[lang]))[: settings.most_per_language]
        drawn += [by_lang[lang][place] for place in order]
    return _Material(drawn, len(rejects), len(gold) - len(unseen))


def _askings(
    settings: AuditSettings,
    prompts: Prompts,
    sentences: Sequence[GoldSentence],
    cache: AnswerCache,
    rng: np.random.Generator,
) -> list[_Asking]:
    askings = [_Asking(None, Asker(settings.endpoint, prompts, cache), sentences)]
    part: list[GoldSentence] = []
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts[sentence.lang] += 1
        if (
            settings.variant_sentences is None
            or counts[sentence.lang] <= settings.variant_sentences
        ):
            part.append(sentence)
    for variant in settings.variants:
        if variant is Variant.again:
            asker = Asker(settings.endpoint, prompts, cache, salt=variant.value)
            shuffled = [part[place] for place in rng.permutation(len(part))]
            askings.append(_Asking(variant, asker, shuffled))
            continue
        other = Prompts(_otherwise(settings.prompt, variant))
        changed = [sentence for sentence in part if _differs(prompts, other, sentence.lang)]
        askings.append(_Asking(variant, Asker(settings.endpoint, other, cache), changed))
    return askings


def _otherwise(prompt: PromptSettings, variant: Variant) -> PromptSettings:
    """Return the settings of a prompt that is otherwise in one respect."""
    if variant is Variant.option_order:
        was = prompt.option_order is OptionOrder.defined
        return replace(prompt, option_order=OptionOrder.reversed if was else OptionOrder.defined)
    if variant is Variant.wording:
        was = prompt.wording is Wording.standard
        return replace(prompt, wording=Wording.paraphrase if was else Wording.standard)
    was = prompt.language is PromptLanguage.english
    return replace(prompt, language=PromptLanguage.sentence if was else PromptLanguage.english)


def _differs(one: Prompts, other: Prompts, lang: str) -> bool:
    return one.for_language(lang).fingerprint != other.for_language(lang).fingerprint


def _audit(
    settings: AuditSettings,
    material: _Material,
    askings: Sequence[_Asking],
    problems: dict[str, Problem],
    rng: np.random.Generator,
) -> Audit:
    base = askings[0]
    rows = list(_judged(base))
    asked = [base.asker.question(*question) for question in base.questions()]
    lacking = [question.key for question in asked if base.asker.cache.get(question.key) is None]
    rejected = Counter(problems[key].reason for key in lacking)
    langs = sorted({sentence.lang for sentence in material.sentences})
    return Audit(
        labeller=settings.labeller,
        model=settings.endpoint.model,
        base_url=settings.endpoint.base_url,
        prompts={lang: base.asker.prompts.for_language(lang).fingerprint for lang in langs},
        gold=[str(path) for path in settings.gold],
        gold_rejects=material.rejects,
        shown_in_prompt=material.shown,
        sentences=len(asked),
        answered=len(asked) - len(lacking),
        rejected=dict(sorted(rejected.items())),
        scores=list(_scores(rows, base.asker.prompts.form.tasks, langs, rng, settings)),
        flips=[flip for one in askings[1:] for flip in _flips(base, one, langs, rng, settings)],
        cost=_cost(settings, base, langs),
    )


def _judged(asking: _Asking) -> Iterator[Judged]:
    for sentence in asking.sentences:
        answer = asking.asker.answer(sentence.lang, sentence.text)
        for task, gold in sentence.labels.items():
            if answer is not None:
                yield Judged(
                    article=sentence.article,
                    lang=sentence.lang,
                    task=task,
                    gold=gold,
                    label=answer[task],
                )


def _scores(
    rows: Sequence[Judged],
    tasks: Sequence[Task],
    langs: Sequence[str],
    rng: np.random.Generator,
    settings: AuditSettings,
) -> Iterator[AuditScore]:
    """Score all languages and each, all targets together and each task."""
    schemes = {task.key: task.scheme for task in tasks}
    for lang in (ALL, *langs):
        of_lang = [row for row in rows if lang in (ALL, row.lang)]
        stances = [row for row in of_lang if schemes[row.task] is STANCE]
        if stances:
            yield score_slice(stances, STANCE, lang, ALL, rng, settings.bootstrap_draws)
        for task in tasks:
            of_task = [row for row in of_lang if row.task == task.key]
            if of_task:
                yield score_slice(
                    of_task, task.scheme, lang, task.key, rng, settings.bootstrap_draws
                )


def _flips(
    base: _Asking,
    other: _Asking,
    langs: Sequence[str],
    rng: np.random.Generator,
    settings: AuditSettings,
) -> Iterator[AuditFlip]:
    assert other.variant is not None  # only the scored prompt has none
    changed: dict[str, list[tuple[str, str, bool]]] = {ALL: [], SENTIMENT_TASK.key: []}
    for sentence in other.sentences:
        before = base.asker.answer(sentence.lang, sentence.text)
        after = other.asker.answer(sentence.lang, sentence.text)
        if before is None or after is None:
            continue
        for task in base.asker.prompts.form.tasks:
            of = changed[task.key if task.key in changed else ALL]
            of.append((sentence.lang, sentence.article, before[task.key] != after[task.key]))
    for key, answers in changed.items():
        for lang in (ALL, *langs):
            part = [(article, flip) for of, article, flip in answers if lang in (ALL, of)]
            if part:
                yield score_flips(
                    part, other.variant.value, lang, key, rng, settings.bootstrap_draws
                )


def _cost(settings: AuditSettings, base: _Asking, langs: Sequence[str]) -> AuditCost:
    prompts = [base.asker.prompts.for_language(lang).fingerprint for lang in langs]
    spent = base.asker.cache.spent(settings.endpoint.model, prompts)
    per = _THOUSAND / max(spent.answered, 1)
    seconds = spent.seconds / settings.endpoint.concurrency
    return AuditCost(
        requests=spent.requests,
        prompt_tokens_per_1000=spent.prompt_tokens * per,
        answer_tokens_per_1000=spent.answer_tokens * per,
        seconds_per_1000=seconds * per,
        cost_per_1000=cost_of(
            settings.endpoint, spent.prompt_tokens * per, spent.answer_tokens * per
        ),
        concurrency=settings.endpoint.concurrency,
        is_counted=spent.is_counted,
    )
