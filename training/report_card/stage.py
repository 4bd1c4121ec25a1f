"""From what the pipeline wrote about a model to one page that says how far to trust it."""

from collections.abc import Sequence
from functools import partial

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from labels.metrics.calibration_file import FILE as CALIBRATION
from labels.metrics.calibration_file import Calibration
from labels.metrics.f1 import score
from labels.metrics.records import Metrics, SplitScores
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path
from labels.pipeline.progress import meter
from labels.pipeline.schema import SENTIMENT_TASK, STANCE, VOICES
from labels.pipeline.tables import iterate_table
from training.inference.description import read_description
from training.inference.model import StanceModel
from training.report_card import card
from training.report_card.behaviour import read_behaviour
from training.report_card.conclusions import Setting, may_conclude, may_not_conclude
from training.report_card.data import DataFacts, annotators_of, read_data
from training.report_card.files import read_history, read_json, read_pictures
from training.report_card.intervals import Figure, Rule
from training.report_card.mistakes import (
    LONGEST,
    Mistake,
    add_articles,
    add_sentences,
    choose_mistakes,
    explain_mistakes,
)
from training.report_card.page import render
from training.report_card.scaling import scale
from training.report_card.scored import Predictions, read_scored
from training.report_card.settings import CardSettings
from training.report_card.slices import (
    Measuring,
    Slice,
    sentiment_slices,
    stance_slices,
    voice_slices,
)
from training.report_card.unseen import read_unseen, unseen_section

_CONTENTS = (
    ("summary", "Summary"),
    ("slices", "Targets and languages"),
    ("target-use", "Target"),
    ("confusion", "Confusion"),
    ("confidence", "Confidence"),
    ("errors", "Errors"),
    ("behaviour", "Behaviour"),
    ("shares", "Shares over time"),
    ("training", "Training"),
    ("data", "Data"),
    ("leaks", "Leaks"),
)
PREDICTIONS = "predictions.parquet"


def write_report(settings: CardSettings) -> None:
    """Write the report card of a scored, calibrated and exported model as one HTML file.

    Raises:
        ConfigError: There is no export, or it knows other targets.
        DataError: A file is missing or broken, or two of them are of different runs.
    """
    console = Console(stderr=True)
    description, _ = read_description(settings.export)
    targets = {one["key"]: one["name"] for one in description["targets"]}
    history = read_history(settings.report / "history.csv")
    pictures = read_pictures(settings.charts, settings.output.parent)
    split_report = read_json(
        settings.splits.parent / "split.json", "dropped", "groups_in_two_splits"
    )
    table = settings.report / PREDICTIONS
    predictions = read_scored(iterate_table(table, "predictions"), settings.split.value)
    scores: Metrics = read_json(settings.report / "scores.json", "model", "splits")
    split_scores = _check_scores(scores, predictions, settings)
    calibration: Calibration = read_json(
        settings.report / CALIBRATION, "split", "temperatures", "gaps", "abstained"
    )
    raw = (predictions.stances, predictions.sentiments)
    stances, sentiments = (
        scale(
            rows,
            calibration,
            settings.split.value,
            settings.scaled_rows,
            settings.scaled_folds,
        )
        for rows in raw
    )
    mistakes = choose_mistakes(predictions, stances, settings.errors)
    wanted = {one.sentence_id for one in mistakes}
    facts = read_data(iterate_table(settings.splits, "splits"), wanted)
    if lacking := sorted(wanted - set(facts.kept)):
        raise DataError(
            f"{settings.splits}: expected the sentences of {table}, found none with the id "
            f"{lacking[0]}; score the model again"
        )
    _explain(mistakes, facts, settings, console)
    annotators = annotators_of(
        iterate_table(settings.labels, "labels"), set(predictions.sentence_ids)
    )
    names = card.names_of(targets, sorted({*predictions.langs, *facts.langs}))
    n_slices = (len(predictions.targets) + 1) * (len(predictions.langs) + 1)
    total = n_slices * (1 + len(VOICES)) + len(predictions.langs) + 1
    with meter(console, "measuring", "slices", total) as shown:
        measuring = Measuring(
            rule=Rule(settings.least_rows, settings.least_groups),
            n_draws=settings.bootstrap_draws,
            seed=settings.seed,
            advance=partial(shown.advance, 1),
        )
        by_stance = stance_slices(stances, measuring)
        by_voice = voice_slices(stances, measuring)
        by_sentiment = sentiment_slices(sentiments, measuring)
    setting = Setting(settings.split.value, settings.texts, annotators, names.names)
    tasks = [*dict.fromkeys((*predictions.targets, *targets)), SENTIMENT_TASK.key]
    page = render(
        {
            "name": settings.name,
            "split": settings.split.value,
            "texts": settings.texts,
            "overall": split_scores,
            "contents": _CONTENTS,
            "called": by_stance[0].figures["called"],
            "tiles": card.tiles(by_stance, by_sentiment),
            "may": may_conclude(by_stance, setting),
            "may_not": may_not_conclude(by_stance, setting),
            "draws": settings.bootstrap_draws,
            "least_rows": settings.least_rows,
            "least_groups": settings.least_groups,
            "names": names.names,
            "directions": names.directions,
            "mistakes": mistakes,
            "errors": settings.errors,
            "n_wrong": int((~stances.right).sum()),
            "longest": LONGEST,
            "model": scores["model"],
            "annotators": dict(annotators.most_common()),
            "behaviour": read_behaviour(settings.behaviour, names),
            "behaviour_file": settings.behaviour or "file of pass rates",
            "pictures": pictures,
            **card.slice_section(stances, by_stance, by_voice, by_sentiment, names),
            **unseen_section(
                predictions,
                stances,
                read_unseen(iterate_table(settings.splits, "splits"), settings.split.value),
                measuring,
            ),
            **card.target_section(split_scores),
            **card.confusion_section(stances, sentiments, names),
            **card.confidence_section(
                raw, (stances, sentiments), calibration, settings.split.value, names, measuring
            ),
            **card.training_section(history, scores["model"]["best_epoch"]),
            **card.data_section(facts, tasks, names),
            **card.leak_section(
                facts, split_report["dropped"], split_report["groups_in_two_splits"]
            ),
        }
    )
    with atomic_path(settings.output) as temporary:
        temporary.write_text(page, encoding="utf-8")
    console.print(_summary(by_stance, names))
    console.print(f"report: {settings.output}; open it in a browser", highlight=False, markup=False)


def _check_scores(scores: Metrics, predictions: Predictions, settings: CardSettings) -> SplitScores:
    """Check that the scores are of these predictions, and return those of the split."""
    path = settings.report / "scores.json"
    found = scores["splits"].get(settings.split.value)
    if found is None:
        raise DataError(f"{path}: expected scores of {settings.split.value}, found none")
    rows = predictions.stances
    own = score(STANCE, rows.gold, rows.labels)
    if own != found["pooled"]:
        raise DataError(
            f"{path}: expected the scores of {settings.report / PREDICTIONS} (n {own['n']}, "
            f"f_polar {own['f_polar']}), found others (n {found['pooled']['n']}, f_polar "
            f"{found['pooled']['f_polar']}); run score_model again"
        )
    return found


def _explain(
    mistakes: Sequence[Mistake], facts: DataFacts, settings: CardSettings, console: Console
) -> None:
    """Add to mistakes what a reader needs: sentence, title, and the words that carry them."""
    add_sentences(mistakes, facts.kept)
    add_articles(mistakes, iterate_table(settings.articles, "articles"))
    if mistakes:
        model = StanceModel(settings.export, settings.threads)
        with meter(console, "explaining", "errors", len(mistakes)) as shown:
            explain_mistakes(mistakes, model, shown)


def _summary(slices: Sequence[Slice], names: card.Names) -> Table:
    """Lay out the headline of each target and language for the terminal."""
    langs = list(dict.fromkeys(one.lang for one in slices))
    table = Table(title="f_polar [95% interval]", box=box.SIMPLE_HEAD)
    table.add_column("target")
    for lang in langs:
        table.add_column(escape(names.of(lang)), justify="right")
    for target in dict.fromkeys(one.target for one in slices):
        cells = [_cell(one.figures["f_polar"]) for one in slices if one.target == target]
        table.add_row(escape(names.of(target)), *cells)
    return table


def _cell(figure: Figure) -> str:
    if figure.value is None:
        return "too few"
    return f"{figure.value:.2f}\n[{figure.low:.2f}, {figure.high:.2f}]".replace("[", "\\[")
