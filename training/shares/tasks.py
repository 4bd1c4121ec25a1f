"""Choose the cell that more labels help, and the sentences of it to label."""

from collections.abc import Sequence

import numpy as np

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import POLAR_STANCES
from training.shares.estimates import Found, Workbench
from training.shares.records import LabelTask, Share


def choose_cell(rows: Sequence[Share], asked: str | None) -> Share | None:
    """Return the row of the cell and class to label for.

    Args:
        rows: Of all cells that have an estimate.
        asked: Name of a cell; None chooses the widest interval that labels can narrow as far as
            was asked for.

    Returns:
        None where no cell needs labels and can do with them.

    Raises:
        ConfigError: The cell asked for is not there.
    """
    polar = [row for row in rows if row["stance"] in POLAR_STANCES]
    if asked is not None:
        polar = [row for row in polar if row["cell"] == asked]
        if not polar:
            raise ConfigError(
                f"chart_stance.label_cell: expected the cell of a row of shares.csv, got {asked!r}"
            )
        return max(polar, key=_width)
    helped = [row for row in polar if row["labels_needed"]]
    return max(helped, key=lambda row: (_width(row), row["cell"])) if helped else None


def _width(row: Share) -> float:
    low, high = row["low"], row["high"]
    return -1.0 if low is None or high is None else high - low


def make_tasks(workbench: Workbench, found: Found, row: Share, most: int) -> list[LabelTask]:
    """Draw sentences at random for a cell: its own first, then of its outlet, then of its language.

    They are drawn without a look at what the model says of them, but that they are among the
    sentences that count: error rates of a hand-picked sample are not those of the cell.

    Args:
        workbench: What the cell was estimated from.
        found: The cell.
        row: Its class with the widest interval.
        most: Tasks at most; fewer where fewer labels are needed.
    """
    corpus, articles, cell = workbench.corpus, workbench.articles, found.cell
    answers = corpus.answers[cell.target]
    inside = workbench.view.within(answers, cell.voice)
    labelled = workbench.audit.texts_of(cell.target) if workbench.audit else set()
    rng = np.random.default_rng([workbench.settings.seed, int(cell.key, 16)])
    own = set(found.places.tolist())
    tiers: tuple[list[int], list[int], list[int]] = ([], [], [])
    for place in np.flatnonzero(inside).tolist():
        article = int(corpus.article_of[place])
        if articles.langs[article] != cell.lang or corpus.texts[place] in labelled:
            continue
        is_of_outlet = cell.outlet is not None and articles.outlets[article] == cell.outlet
        tiers[0 if place in own else 1 if is_of_outlet else 2].append(place)
    wanted = min(most, row["labels_needed"] or most)
    whys = ("in the cell", "of its outlet, at another time", "of its language, elsewhere")
    tasks: list[LabelTask] = []
    for places, why in zip(tiers, whys, strict=True):
        for place in rng.permutation(np.array(places, np.int64)).tolist()[: wanted - len(tasks)]:
            tasks.append(
                LabelTask(
                    id=corpus.articles[int(corpus.article_of[place])].article_id,
                    sentence_id=corpus.sentence_ids[place],
                    text=corpus.texts[place],
                    lang=cell.lang,
                    target=cell.target,
                    why=f"narrows {row['stance']} in cell {cell.key}; drawn at random, {why}",
                )
            )
    return tasks
