"""From a trained model to its report: scores, confusion matrices, picture, predictions."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from rich.console import Console

from labels.metrics.records import Metrics, ModelFacts
from labels.pipeline.errors import DataError
from labels.pipeline.files import atomic_path, write_json
from labels.pipeline.progress import meter
from labels.pipeline.schema import STANCE, Scheme, Task
from labels.pipeline.tables import Row, read_table, write_table
from training.data.examples import labels_of, tokenize_examples
from training.model.precision import best_device, prepare_runtime
from training.model.predict import Order, predict
from training.model.settings import Precision
from training.model.store import TrainedModel, load_model
from training.pictures.figures import draw_confusions
from training.report.attribution import NO_ATTRIBUTION, attribution_columns
from training.report.gate import check_target
from training.report.scores import headline, summarize
from training.report.sensitivity import swap_mentions
from training.report.settings import ScoreSettings
from training.report.terminal import scores_table


def score_model(settings: ScoreSettings) -> None:
    """Score a model and write its scores, predictions, confusion tables and the picture.

    ``scores.json`` holds everything, ``metrics.json`` the headline of each split.

    Raises:
        DataError: The first of ``scored`` has no examples, an example is labelled for a target that
            the model does not know, or the model does not pass `check_target`.
    """
    console = Console(stderr=True)
    precision = prepare_runtime(settings.runtime)
    model = load_model(settings.model)
    model.classifier.to(best_device())
    rows = read_table(settings.splits, "splits")
    scores = Metrics(model=_facts(model), splits={})
    predictions: list[Row] = []
    for split in settings.scored:
        examples = [row for row in rows if row["split"] == split]
        if not examples and split == settings.scored[0]:
            raise DataError(f"{settings.splits}: no example of {split} to score")
        found, swapped = (
            predict_examples(model, asked, settings.batch_size, precision)
            for asked in (examples, swap_mentions(examples))
        )
        scores["splits"][split] = (
            summarize(found, swapped, settings.seed, settings.bootstrap_draws) if examples else None
        )
        predictions += found
    write_table(settings.output / "predictions.parquet", "predictions", predictions)
    write_json(settings.output / "scores.json", scores)
    headlines = {split: headline(found) for split, found in scores["splits"].items() if found}
    write_json(settings.output / "metrics.json", headlines)
    shown = settings.scored[0]
    in_figures = [row for row in predictions if row["split"] == shown]
    _write_confusions(settings.output / "confusion.csv", in_figures)
    picture = settings.output / "confusion.svg"
    draw_confusions(picture, in_figures, model.tasks)
    console.print(scores_table(scores, shown))
    console.print(
        f"report: {settings.output / 'scores.json'}, {picture}", highlight=False, markup=False
    )
    scored = scores["splits"][shown]
    if settings.target_gate and scored is not None:
        check_target(scored["target_gain"], shown)


def predict_examples(
    model: TrainedModel, examples: Sequence[Row], batch_size: int, precision: Precision
) -> list[Row]:
    """Predict every labelled (sentence, task) of some examples.

    Returns:
        Rows of the table ``predictions``, one per label, in the order of the examples.

    Raises:
        DataError: An example is labelled for a target that the model does not know.
    """
    data = tokenize_examples(examples, model.tasks, model.tokenizer, model.prefix)
    predictions = predict(
        model.classifier, data, model.pad_id, batch_size, precision, _with_progress
    )
    probabilities = {
        name: torch.from_numpy(values).softmax(-1).numpy()
        for name, values in predictions.logits.items()
    }
    tasks = _positions(model.tasks)
    rows = []
    for i, example in enumerate(examples):
        for key, label in labels_of(example).items():
            if key not in tasks:
                raise DataError(
                    f"sentence {example['sentence_id']}: expected labels of {', '.join(tasks)}, "
                    f"which the model knows, found one of {key}"
                )
            scheme, position = tasks[key]
            found = probabilities[scheme.name][i, position]
            rows.append(
                {
                    "sentence_id": example["sentence_id"],
                    "article_id": example["article_id"],
                    "group_id": example["group_id"],
                    "lang": example["lang"],
                    "split": example["split"],
                    "task": key,
                    "gold": label["label"],
                    "label": scheme.classes[int(found.argmax())],
                    "probabilities": found.tolist(),
                }
                | (
                    attribution_columns(
                        label,
                        example["text"],
                        data.offsets[i],
                        predictions.holders[i, position],
                        predictions.voices[i, position],
                    )
                    if scheme == STANCE
                    else NO_ATTRIBUTION
                )
            )
    return rows


def _positions(tasks: Sequence[Task]) -> dict[str, tuple[Scheme, int]]:
    """Tell where the logits of each task stand: its scheme, and its place among the scheme's."""
    positions: dict[str, tuple[Scheme, int]] = {}
    for scheme in dict.fromkeys(task.scheme for task in tasks):
        keys = [task.key for task in tasks if task.scheme == scheme]
        positions |= {key: (scheme, place) for place, key in enumerate(keys)}
    return positions


def _with_progress(order: Order) -> Iterable[list[int]]:
    with meter(Console(stderr=True), "scoring", "sentences", sum(map(len, order))) as shown:
        for indices in order:
            yield indices
            shown.advance(len(indices))


def _facts(model: TrainedModel) -> ModelFacts:
    return ModelFacts(
        backbone=model.manifest["backbone"]["name"],
        classifier=model.manifest["classifier"]["kind"],
        best_epoch=model.manifest["training"]["best_epoch"],
        train_sentences=model.manifest["training"]["train_sentences"],
    )


def _write_confusions(path: Path, rows: Sequence[Row]) -> None:
    """Write (task, gold, label) triples, which ``dvc plots`` turns into confusion matrices."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write("task,gold,label\n")
        for row in rows:
            file.write(f"{row['task']},{row['gold']},{row['label']}\n")
