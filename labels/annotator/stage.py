"""The stage ``annotate_sentences``: sentences in, votes of a language model out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from time import perf_counter

from rich.console import Console

from labels.annotator.account import show_estimate, show_outcome
from labels.annotator.answers import Labels
from labels.annotator.cache import open_cache
from labels.annotator.endpoint import read_key
from labels.annotator.estimate import Budget
from labels.annotator.prompt import Prompts
from labels.annotator.records import Annotation
from labels.annotator.run import Asker, Outcome, ask_all, plan_work
from labels.annotator.selection import chosen_rows, select_sentences
from labels.annotator.settings import AnnotateSettings
from labels.pipeline.files import write_json
from labels.pipeline.progress import meter
from labels.pipeline.schema import Task, rejected
from labels.pipeline.tables import Row, count_rows, table_writer


def annotate_sentences(settings: AnnotateSettings) -> None:
    """Ask a language model about sentences, and write its answers as a votes table.

    Says first how many requests and tokens, how much time and money it takes; with ``dry_run``
    nothing else. Every answer is kept when it comes, so a run that was stopped or killed goes on
    where it was. Writes into ``settings.output``: ``votes.parquet``, ``rejects.parquet`` (the
    sentences without a valid answer) and ``annotation.json``.

    Raises:
        ConfigError: A target, wording or file is wrong, the key is missing, or the endpoint
            refuses the first request.
        DataError: A table cannot be read, or the endpoint is down or goes away.
    """
    start = perf_counter()
    console = Console(stderr=True)
    prompts = Prompts(settings.prompt)
    key = None if settings.dry_run else read_key(settings.endpoint)
    chosen = select_sentences(
        settings.sentences,
        settings.mentions,
        settings.prompt.targets,
        settings.most_sentences,
        settings.seed,
    )

    def asked() -> Iterator[tuple[str, str]]:
        rows = chosen_rows(settings.sentences, chosen)
        return ((row["lang"], row["text"]) for row in rows)

    with open_cache(settings.cache) as cache:
        asker = Asker(settings.endpoint, prompts, cache)
        needed, rates = plan_work(asker, asked(), settings.endpoint)
        show_estimate(console, needed, settings.endpoint, settings.budget_tokens)
        if settings.dry_run:
            return
        outcome = Outcome()
        if needed.texts:
            with meter(console, "annotating", "sentences", needed.texts) as progress:
                outcome = ask_all(
                    asker,
                    asked,
                    settings.endpoint,
                    key,
                    Budget(settings.budget_tokens, rates.bytes_per_token),
                    settings.attempts,
                    progress,
                )
        report = _write(settings, asker, outcome, chosen)
    show_outcome(console, report, outcome, settings.endpoint, perf_counter() - start)


def _write(
    settings: AnnotateSettings, asker: Asker, outcome: Outcome, chosen: frozenset[str] | None
) -> Annotation:
    """Write the votes, the rejects and the report, in the order of the sentences."""
    tasks = asker.prompts.form.tasks
    votes = {task.key: Counter(dict.fromkeys(task.classes, 0)) for task in tasks}
    rejects: Counter[str] = Counter()
    langs: set[str] = set()
    counts = Counter(answered=0, rejected=0, left=0)
    output = settings.output
    with (
        table_writer(output / "votes.parquet", "votes") as of_votes,
        table_writer(output / "rejects.parquet", "rejects") as of_rejects,
    ):
        for row in chosen_rows(settings.sentences, chosen):
            langs.add(row["lang"])
            question = asker.question(row["lang"], row["text"])
            answer = asker.cache.get(question.key)
            problem = outcome.problems.get(question.key)
            if answer is not None:
                counts["answered"] += 1
                for vote in _vote_rows(row, tasks, settings.labeller, answer):
                    votes[vote["task"]][vote["label"]] += 1
                    of_votes.write(vote)
            elif problem is not None:
                counts["rejected"] += 1
                rejects[problem.reason] += 1
                reject = rejected(row["sentence_id"], problem.reason, problem.message)
                of_rejects.write(vars(reject))
            else:
                counts["left"] += 1
    total = count_rows(settings.sentences, "sentences")
    report = Annotation(
        labeller=settings.labeller,
        model=settings.endpoint.model,
        base_url=settings.endpoint.base_url,
        prompts={lang: asker.prompts.for_language(lang).fingerprint for lang in sorted(langs)},
        sentences=total,
        passed_over=total - sum(counts.values()),
        answered=counts["answered"],
        rejected=counts["rejected"],
        left=counts["left"],
        votes={task: dict(labels) for task, labels in votes.items()},
        rejects=dict(sorted(rejects.items())),
    )
    write_json(output / "annotation.json", report)
    return report


def _vote_rows(
    sentence: Row, tasks: Sequence[Task], labeller: str, answer: Labels
) -> Iterator[Row]:
    for task in tasks:
        yield {
            "sentence_id": sentence["sentence_id"],
            "task": task.key,
            "labeller": labeller,
            "label": answer[task.key],
            "abstained": False,
        }
