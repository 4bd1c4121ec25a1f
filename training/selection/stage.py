"""The contract of ``make_tasks``: predictions or tables in, sentences to label out."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.people.answers import check_answers
from labels.people.formats import read_returned, write_for
from labels.people.items import (
    Answer,
    Item,
    Question,
    questions_of,
    read_items,
    version_of,
    write_lines,
)
from labels.pipeline.errors import DataError
from labels.pipeline.schema import SENTIMENT_TASK, tasks_for
from labels.pipeline.settings import to_json
from labels.targets import Matcher
from labels.targets.read import load_targets
from training.drift.features import name_targets
from training.drift.read import read_side
from training.selection.candidates import candidates_of, read_divided, read_labelled
from training.selection.choose import WAYS, Chosen, choose
from training.selection.settings import MakeTasksSettings


def make_tasks(settings: MakeTasksSettings) -> None:
    """Choose sentences to label, or take those of a tasks file, and write them for programs.

    Writes ``tasks.jsonl`` and, for each format, what that program imports.

    Raises:
        ConfigError: A target has no file.
        DataError: An input cannot be read, or there is nothing to choose.
    """
    console = Console(stderr=True)
    targets = load_targets(settings.target_folder, settings.targets)
    questions = questions_of(tasks_for(settings.targets))
    answers: list[Answer] = []
    if settings.tasks is not None:
        items = read_items(settings.tasks, tasks_for(settings.targets))
        answers = _answers(settings, items, questions)
    else:
        chosen = _choose(settings, Matcher(targets))
        items = [_item(one, settings) for one in chosen]
        console.print(_table(chosen))
        if len(items) < settings.count:
            found = f"found {len(items)} sentences to choose, fewer than the {settings.count} asked"
            console.print(found, highlight=False)
    descriptions = {target.key: f"{target.name}: {target.description}" for target in targets}
    descriptions[SENTIMENT_TASK.key] = "Sentiment of the sentence"
    files = [settings.output / "tasks.jsonl"]
    write_lines(files[0], items)
    for one in settings.formats:
        files += write_for(one, settings.output, items, questions, descriptions, answers)
    console.print(
        f"{len(items)} sentences to label: {', '.join(map(str, files))}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _answers(
    settings: MakeTasksSettings, items: Sequence[Item], questions: Sequence[Question]
) -> list[Answer]:
    if settings.answers is None:
        return []
    checked = check_answers(read_returned(settings.answers, questions, {}), items, questions)
    if checked.refused:
        first = checked.refused[0].reject.message
        raise DataError(f"{first}; read_annotations sorts out what cannot be used")
    return checked.answers


def _choose(settings: MakeTasksSettings, matcher: Matcher) -> list[Chosen]:
    assert settings.input is not None  # `problems` has seen to it
    rng = np.random.default_rng(settings.seed)
    side = read_side(settings.input, settings.most_articles, rng)
    known = sorted(path.stem for path in settings.target_folder.glob("*.yaml"))
    labelled, done = read_labelled(settings.gold, settings.done, settings.targets, known)
    candidates = list(
        candidates_of(
            name_targets(side.texts, matcher),
            settings.targets,
            read_divided(settings.votes, settings.targets),
            done,
            settings.unsureness,
            settings.named_only,
            settings.least_words,
        )
    )
    if not candidates:
        raise DataError(
            f"{settings.input}: expected sentences to choose from, found none that is long enough, "
            "names a target and is not labelled; see named_only, least_words, gold and done"
        )
    shares = to_json(settings.shares)
    return choose(candidates, shares, settings.count, labelled, settings.seed)


def _item(one: Chosen, settings: MakeTasksSettings) -> Item:
    tasks = [task.key for task in tasks_for(settings.targets)]
    labels = one.candidate.labels if settings.propose else {}
    return Item(
        id=one.candidate.sentence_id,
        article_id=one.candidate.article_id,
        lang=one.candidate.lang,
        text=one.candidate.text,
        version=version_of(one.candidate.text),
        ask=tasks,
        proposed={task: labels[task] for task in tasks if task in labels},
        why=one.why,
    )


def _table(chosen: Sequence[Chosen]) -> Table:
    counts = Counter((one.candidate.lang, one.way) for one in chosen)
    table = Table(title="Sentences to label, by what has chosen them", box=box.SIMPLE_HEAD)
    table.add_column("language")
    for way in WAYS:
        table.add_column(way, justify="right")
    for lang in sorted({one.candidate.lang for one in chosen}):
        table.add_row(escape(lang), *(str(counts[lang, way]) for way in WAYS))
    return table
