"""From new articles and those of the training to what has changed, and what to label."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console

from labels.pipeline.files import write_json
from labels.pipeline.progress import meter
from labels.targets import Matcher
from labels.targets.read import load_targets
from training.drift.distance import Flags, Groups, judge, measure_change
from training.drift.features import Feature, Named, features_of, name_targets
from training.drift.read import Side, count_by, read_side
from training.drift.records import Change, Drift, Outlet, TopicWord, Verdict
from training.drift.records import Side as SideFacts
from training.drift.report import changes_table, conclusions, draw_changes
from training.drift.settings import DriftSettings
from training.drift.tasks import candidates_of, choose, write_tasks
from training.drift.words import article_counts, topic_words


def check_drift(settings: DriftSettings) -> None:
    """Compare new articles with those of the training, and choose sentences to label.

    Writes ``drift.json``, ``drift.svg`` and ``tasks.jsonl``.

    Raises:
        ConfigError: A target has no file.
        DataError: A side cannot be read, or holds no article.
    """
    console = Console(stderr=True)
    matcher = Matcher(load_targets(settings.target_folder, settings.targets))
    new, reference = (
        read_side(path, settings.most_articles, np.random.default_rng(settings.seed))
        for path in (settings.articles, settings.reference)
    )
    named: list[Named] = []
    n_new, n_all = len(new.texts), len(new.texts) + len(reference.texts)
    with meter(console, "looking for names", "articles", n_all) as shown:
        for article in name_targets([*new.texts, *reference.texts], matcher):
            named.append(article)
            shown.advance()
    features = list(features_of(named, (new, reference), settings.targets))
    groups = _groups(new, reference)
    changes = _changes(features, groups, np.arange(n_all) < n_new, settings, console)
    counts = {
        side: _counts_by_language(texts)
        for side, texts in (("new", named[:n_new]), ("reference", named[n_new:]))
    }
    chosen = choose(
        candidates_of(named[:n_new], named[n_new:], counts["reference"], settings.named_only),
        settings.tasks,
        settings.seed,
    )
    facts = _facts(new), _facts(reference)
    found = Drift(
        articles=facts[0],
        reference=facts[1],
        alpha=settings.alpha,
        notable=settings.notable,
        permutations=settings.permutations,
        seed=settings.seed,
        changes=changes,
        words=_topic_words(changes, counts, settings.words),
        later=_later(new, facts[1]["last"]) if facts[0]["dated"] else None,
        unseen_outlets=_unseen(new, reference),
        label_more=any(change["verdict"] == Verdict.drifted for change in changes),
        tasks=len(chosen),
        conclusions=[],
    )
    found["conclusions"] = list(conclusions(found))
    names = [settings.output / name for name in ("drift.json", "drift.svg", "tasks.jsonl")]
    write_tasks(names[2], chosen, settings.targets)
    draw_changes(names[1], changes, settings.notable)
    write_json(names[0], found)
    console.print(changes_table(changes))
    for line in found["conclusions"]:
        console.print(line, highlight=False, markup=False)
    console.print(
        f"{len(chosen)} sentences to label: {names[2]}; report: {names[0]}, {names[1]}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _groups(new: Side, reference: Side) -> Groups:
    """Number the groups of near-duplicates, those of both sides apart."""
    names = [f"new {text.group}" for text in new.texts]
    names += [f"reference {text.group}" for text in reference.texts]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _changes(
    features: Sequence[Feature],
    groups: Groups,
    is_new: Flags,
    settings: DriftSettings,
    console: Console,
) -> list[Change]:
    changes = []
    with meter(console, "comparing", "features", len(features)) as shown:
        for number, feature in enumerate(features):
            rng = np.random.default_rng([settings.seed, number])
            changes.append(measure_change(feature, groups, is_new, settings, rng))
            shown.advance()
    judge(changes, settings)
    return changes


def _counts_by_language(articles: Sequence[Named]) -> dict[str, dict[str, int]]:
    langs = sorted({article.text.lang for article in articles})
    return {
        lang: dict(article_counts([one.text for one in articles if one.text.lang == lang]))
        for lang in langs
    }


def _topic_words(
    changes: Sequence[Change], counts: dict[str, dict[str, dict[str, int]]], most: int
) -> dict[str, list[TopicWord]]:
    """List the words of the languages whose words are further apart than by chance."""
    return {
        lang: topic_words(counts["new"][lang], counts["reference"][lang], most)
        for change in changes
        if (lang := change["lang"]) and change["feature"] == "topic words"
        if change["verdict"] in (Verdict.drifted, Verdict.little)
    }


def _facts(side: Side) -> SideFacts:
    days = sorted(text.published for text in side.texts if text.published)
    sources = [text.source for text in side.texts if text.source]
    return SideFacts(
        path=str(side.path),
        form=side.form,
        articles=len(side.texts),
        of=side.of,
        sentences=sum(len(text.lines) for text in side.texts),
        languages=count_by(text.lang for text in side.texts),
        dated=len(days),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        named_outlets=len(sources),
        outlets=len(set(sources)),
    )


def _later(new: Side, last: str | None) -> int | None:
    if last is None:
        return None
    return sum(text.published is not None and text.published > last for text in new.texts)


def _unseen(new: Side, reference: Side) -> list[Outlet]:
    """List the outlets of the new articles alone; none where the reference names none."""
    known = {text.source for text in reference.texts if text.source}
    if not known:
        return []
    counts = count_by(text.source for text in new.texts if text.source not in known)
    return [Outlet(name=name, articles=n) for name, n in counts.items()]
