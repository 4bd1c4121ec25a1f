"""The stage ``label_sentences``: sentences in, votes and gold and silver labels out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from labels.apply import Votes, apply_functions
from labels.config import LabelConfig, LabelModelConfig, LabelModelKind
from labels.diagnose import agreement_with_gold, describe_functions, function_table
from labels.errors import ConfigError
from labels.files import write_json
from labels.functions import SENTIMENT_FUNCTIONS, STANCE_FUNCTIONS
from labels.gold import Gold, GoldRow, match_gold, read_gold
from labels.ingest.clean import dateline_end
from labels.label_model.dawid_skene import DawidSkeneSettings, fit
from labels.label_model.majority import majority
from labels.label_model.votes import VoteMatrix
from labels.languages import LANGUAGES
from labels.schema import (
    POLAR_STANCES,
    SENTIMENT_TASK,
    SENTIMENTS,
    STANCES,
    Field,
    LabelOrigin,
    Reject,
    Sentence,
    SentenceKind,
)
from labels.tables import Row, read_table, write_table
from labels.targets import Matcher, Target, load_targets, plain

_SILVER_ANNOTATOR = "label_model"
_GROUPS = (*LANGUAGES, "other")


@dataclass(frozen=True)
class _Task:
    """One label model: the stances of all targets, or the sentiment."""

    matrix: VoteMatrix
    names: tuple[str, ...]
    polar: tuple[str, ...]
    gold: NDArray[np.int64]  # all gold
    anchors: NDArray[np.int64]  # gold that may teach
    articles: NDArray[np.int64]  # article number of each item


def label_sentences(config: LabelConfig) -> None:
    """Vote, weigh the votes, put gold in their place, and write what came of it.

    Writes ``votes.parquet``, ``labels.parquet``, ``sentiments.parquet``, ``label_rejects.parquet``,
    ``targets.json`` (for the stages that follow) and ``labels.json`` into ``config.output``. Gold
    wins over silver. A sentence and target on which every function abstains has no row: it is
    masked, not `unrelated`. So is what a gold row leaves open, unless
    ``silver_for_gold_sentences``.

    Raises:
        ConfigError: A target or function is unknown.
        DataError: A table or gold file cannot be read.
    """
    console = Console(stderr=True)
    start = perf_counter()
    targets = _check_choices(config)
    matcher = Matcher(targets)
    n_articles = len(read_table(Path(config.articles), "articles"))
    sentences = _read_sentences(Path(config.sentences))
    gold, anchored = _read_all_gold(config, sentences)
    votes = apply_functions(
        [list(group) for _, group in groupby(sentences, key=lambda one: one.article_id)],
        _dateline_ends(sentences),
        matcher,
        config.functions.stance,
        config.functions.sentiment,
    )
    stance, tone = _tasks(votes, sentences, gold, anchored)
    described = {"stance": _describe(stance), SENTIMENT_TASK: _describe(tone)}
    labels = _label_rows(votes, sentences, gold, _silver(stance, config.label_model), config)
    sentiments = _sentiment_rows(votes, sentences, gold, _silver(tone, config.label_model), config)
    rejects = [vars(reject) for reject in gold.rejects]
    report = {
        "articles": n_articles,
        "sentences": len(sentences),
        "gold_rejects": dict(sorted(Counter(reject.reason for reject in gold.rejects).items())),
        "labels": {
            key: _counts([row for row in labels if row["target"] == key], len(sentences))
            for key in votes.targets
        },
        "sentiments": _counts(sentiments, len(sentences)),
        "functions": {task: _nested(rows) for task, rows in described.items()},
        "silver_against_gold": {
            "stance": _quality(stance, config),
            SENTIMENT_TASK: _quality(tone, config),
        },
    }
    output = Path(config.output)
    write_table(output / "votes.parquet", "votes", _vote_rows(votes, sentences))
    write_table(output / "labels.parquet", "labels", labels)
    write_table(output / "sentiments.parquet", "sentiments", sentiments)
    write_table(output / "label_rejects.parquet", "rejects", rejects)
    write_json(output / "targets.json", [plain(target) for target in targets])
    write_json(output / "labels.json", report)
    for task, rows in described.items():
        console.print(function_table(f"labelling functions: {task}", rows))
    _show(report, perf_counter() - start, console)


def _check_choices(config: LabelConfig) -> tuple[Target, ...]:
    """Load the targets; name every unknown function and every problem of a target at once."""
    problems = [
        f"functions.{task}: unknown function {name!r}; known: {', '.join(known)}"
        for task, chosen, known in (
            ("stance", config.functions.stance, STANCE_FUNCTIONS),
            ("sentiment", config.functions.sentiment, SENTIMENT_FUNCTIONS),
        )
        for name in chosen
        if name not in known
    ]
    targets: tuple[Target, ...] = ()
    try:
        targets = load_targets(Path(config.target_folder), config.targets)
    except ConfigError as error:
        problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return targets


def _read_sentences(path: Path) -> list[Sentence]:
    rows = read_table(path, "sentences")
    return [
        Sentence(**{**row, "kind": SentenceKind(row["kind"]), "field": Field(row["field"])})
        for row in rows
    ]


def _read_all_gold(config: LabelConfig, sentences: Sequence[Sentence]) -> tuple[Gold, set[str]]:
    """Read and match all gold files; give also the sentences whose gold may teach."""
    known = {path.stem for path in Path(config.target_folder).glob("*.yaml")}
    rows: list[GoldRow] = []
    rejects: list[Reject] = []
    teaching: set[str] = set()
    for file in config.gold:
        of_file, bad = read_gold(Path(file), config.targets, known)
        rows += of_file
        rejects += bad
        if file in config.anchors:
            teaching.update(row.where for row in of_file)
    gold = match_gold(rows, sentences)
    anchored = {key for key, row in gold.by_sentence.items() if row.where in teaching}
    return Gold(gold.by_sentence, [*rejects, *gold.rejects]), anchored


def _dateline_ends(sentences: Sequence[Sentence]) -> dict[str, int]:
    """Look for a dateline at the start of each article's first body sentence."""
    ends: dict[str, int] = {}
    seen: set[str] = set()
    for sentence in sentences:
        if sentence.kind is SentenceKind.body and sentence.article_id not in seen:
            seen.add(sentence.article_id)
            ends[sentence.sentence_id] = dateline_end(sentence.text, sentence.lang)
    return ends


def _tasks(
    votes: Votes, sentences: Sequence[Sentence], gold: Gold, anchored: set[str]
) -> tuple[_Task, _Task]:
    numbers = {key: i for i, key in enumerate(dict.fromkeys(one.article_id for one in sentences))}
    articles = np.array([numbers[sentence.article_id] for sentence in sentences], dtype=np.int64)
    stances = np.full((len(sentences), len(votes.targets)), -1, dtype=np.int64)
    tones = np.full(len(sentences), -1, dtype=np.int64)
    teaches = np.zeros(len(sentences), dtype=bool)
    for place, sentence in enumerate(sentences):
        row = gold.by_sentence.get(sentence.sentence_id)
        if row is None:
            continue
        teaches[place] = sentence.sentence_id in anchored
        for number, key in enumerate(votes.targets):
            if key in row.stances:
                stances[place, number] = STANCES.index(row.stances[key])
        if row.sentiment is not None:
            tones[place] = SENTIMENTS.index(row.sentiment)
    n_targets = len(votes.targets)
    flat = stances.reshape(-1)
    stance_anchors = np.where(teaches.repeat(n_targets), flat, -1)
    return (
        _Task(
            votes.stances, STANCES, POLAR_STANCES, flat, stance_anchors, articles.repeat(n_targets)
        ),
        _Task(votes.sentiments, SENTIMENTS, (), tones, np.where(teaches, tones, -1), articles),
    )


def _silver(
    task: _Task, config: LabelModelConfig, anchors: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Give every item its probabilities, shape ``(items, classes)``."""
    if config.kind is LabelModelKind.majority:
        return majority(task.matrix)
    settings = DawidSkeneSettings(
        one_coin=config.kind is LabelModelKind.one_coin,
        accuracy=config.accuracy,
        strength=config.strength,
        pooling=config.pooling,
        unlabelled_weight=config.unlabelled_weight,
        max_iterations=config.max_iterations,
        tolerance=config.tolerance,
    )
    return fit(task.matrix, task.anchors if anchors is None else anchors, settings).probabilities


def _judge(task: _Task) -> NDArray[np.int64]:
    """Gold that functions and label model are judged on: the anchors, else all gold."""
    return task.anchors if (task.anchors >= 0).any() else task.gold


def _describe(task: _Task) -> list[dict[str, Any]]:
    return describe_functions(task.matrix, _judge(task), _GROUPS)


def _quality(task: _Task, config: LabelConfig) -> dict[str, Any]:
    """Score silver against gold; anchors are held out by article, in folds."""
    judged = _judge(task)
    probabilities = np.zeros((len(judged), task.matrix.n_classes))
    if (task.anchors >= 0).any():
        for number in range(config.quality_folds):
            held_out = task.articles % config.quality_folds == number
            anchors = np.where(held_out, -1, task.anchors)
            probabilities[held_out] = _silver(task, config.label_model, anchors)[held_out]
    else:
        probabilities = _silver(task, config.label_model)
    result: dict[str, Any] = {}
    for group, lang in [(None, "all"), *enumerate(_GROUPS)]:
        gold = judged if group is None else np.where(task.matrix.groups == group, judged, -1)
        if (gold >= 0).any() or group is None:
            result[lang] = agreement_with_gold(probabilities, gold, task.names, task.polar)
    return result


def _label_rows(
    votes: Votes,
    sentences: Sequence[Sentence],
    gold: Gold,
    silver: NDArray[np.float64],
    config: LabelConfig,
) -> list[Row]:
    rows: list[Row] = []
    has_vote = votes.stances.has_vote()
    for place, sentence in enumerate(sentences):
        given = gold.by_sentence.get(sentence.sentence_id)
        for number, key in enumerate(votes.targets):
            item = place * len(votes.targets) + number
            stance = None if given is None else given.stances.get(key)
            if given is not None and stance is not None:
                shares = [float(name == stance) for name in STANCES]
                row = _labelled(STANCES, shares, LabelOrigin.gold, given.annotator)
                extra = {"holder": given.holder.get(key), "voice": given.voice.get(key)}
            elif has_vote[item] and (given is None or config.silver_for_gold_sentences):
                row = _labelled(
                    STANCES, silver[item].tolist(), LabelOrigin.silver, _SILVER_ANNOTATOR
                )
                extra = {"holder": None, "voice": None}
            else:
                continue
            rows.append({"sentence_id": sentence.sentence_id, "target": key, **row, **extra})
    return rows


def _sentiment_rows(
    votes: Votes,
    sentences: Sequence[Sentence],
    gold: Gold,
    silver: NDArray[np.float64],
    config: LabelConfig,
) -> list[Row]:
    rows: list[Row] = []
    has_vote = votes.sentiments.has_vote()
    for place, sentence in enumerate(sentences):
        given = gold.by_sentence.get(sentence.sentence_id)
        if given is not None and given.sentiment is not None:
            shares = [float(name == given.sentiment) for name in SENTIMENTS]
            row = _labelled(SENTIMENTS, shares, LabelOrigin.gold, given.annotator)
        elif has_vote[place] and (given is None or config.silver_for_gold_sentences):
            row = _labelled(
                SENTIMENTS, silver[place].tolist(), LabelOrigin.silver, _SILVER_ANNOTATOR
            )
        else:
            continue
        rows.append({"sentence_id": sentence.sentence_id, **row})
    return rows


def _labelled(
    names: Sequence[str], shares: Sequence[float], origin: LabelOrigin, annotator: str
) -> Row:
    row: Row = {f"p_{name}": share for name, share in zip(names, shares, strict=True)}
    label = names[int(np.argmax(shares))]
    return {**row, "label": label, "origin": origin.value, "annotator": annotator}


def _vote_rows(votes: Votes, sentences: Sequence[Sentence]) -> list[Row]:
    rows: list[Row] = []
    n_targets = len(votes.targets)
    for place, sentence in enumerate(sentences):
        for number, key in enumerate((*votes.targets, SENTIMENT_TASK)):
            if key == SENTIMENT_TASK:
                matrix, item, names = votes.sentiments, place, SENTIMENTS
            else:
                matrix, item, names = votes.stances, place * n_targets + number, STANCES
            for labeller, vote in zip(matrix.functions, matrix.votes[item].tolist(), strict=True):
                if vote >= 0:
                    rows.append(
                        {
                            "sentence_id": sentence.sentence_id,
                            "target": key,
                            "labeller": labeller,
                            "label": names[vote],
                        }
                    )
    return rows


def _counts(rows: Sequence[Row], n_sentences: int) -> dict[str, Any]:
    """Count labels by origin; what has no row is masked."""
    counted: dict[str, Any] = {"masked": n_sentences - len(rows)}
    for origin in LabelOrigin:
        of_origin = Counter(row["label"] for row in rows if row["origin"] == origin.value)
        counted[origin.value] = dict(sorted(of_origin.items()))
    return counted


def _nested(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    nested: dict[str, dict[str, Any]] = {}
    for row in rows:
        rest = {key: value for key, value in row.items() if key not in ("function", "lang")}
        nested.setdefault(row["function"], {})[row["lang"]] = rest
    return nested


def _show(report: Mapping[str, Any], seconds: float, console: Console) -> None:
    rate = report["sentences"] / seconds if seconds else 0.0
    title = (
        f"label_sentences: {report['sentences']} sentences of {report['articles']} articles "
        f"in {seconds:.1f} s ({rate:.0f}/s)"
    )
    table = Table(title=title)
    for name in ("task", "gold", "silver", "masked", "most frequent"):
        table.add_column(name)
    for task, counts in [*report["labels"].items(), (SENTIMENT_TASK, report["sentiments"])]:
        frequent = Counter(counts["gold"]) + Counter(counts["silver"])
        table.add_row(
            task,
            str(sum(counts["gold"].values())),
            str(sum(counts["silver"].values())),
            str(counts["masked"]),
            ", ".join(f"{name} {count}" for name, count in frequent.most_common()),
        )
    console.print(table)
    for task, scores in report["silver_against_gold"].items():
        told = ", ".join(
            f"{name} {score['value']} (n {score['n']})" for name, score in scores["all"].items()
        )
        console.print(f"silver against gold, {task}: {told}")
    for reason, count in report["gold_rejects"].items():
        console.print(f"gold rejects, {reason}: {count}")
