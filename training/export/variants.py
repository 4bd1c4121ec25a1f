"""Variants of the graph: written, compared with the exact one, and whether that is near enough."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from labels.metrics.f1 import score
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import STANCE, Split
from labels.pipeline.tables import Row
from training.data.examples import Examples, tokenize_examples
from training.export.artifact import (
    ONNX_FILE,
    VARIANT_FILES,
    Variant,
    VariantParity,
    inputs_of,
    open_session,
)
from training.export.int8 import write_int8
from training.export.settings import ExportSettings
from training.export.vocabulary import frequent_vocabulary
from training.model.store import TrainedModel

_BATCH = 8  # sentences together, as in use: with 8 bits an answer depends on its batch a little
_FEWEST = 150  # gold positions of a slice that is judged: of 100, four answers move f_polar by 0.04
ALL = "all"

Answers = Mapping[str, NDArray[np.int64]]  # by scheme, shape ``(n, tasks of the scheme)``


def batches_of(
    data: Examples, pad_id: int
) -> Iterator[tuple[Sequence[int], dict[str, NDArray[Any]]]]:
    """Give the numbers of some sentences of similar length, and the inputs of the graph."""
    by_length = sorted(range(len(data)), key=lambda i: len(data.input_ids[i]))
    for start in range(0, len(by_length), _BATCH):
        numbers = by_length[start : start + _BATCH]
        rows, marks = [data.input_ids[i] for i in numbers], [data.mentions[i] for i in numbers]
        yield numbers, inputs_of(rows, marks, pad_id, data.n_targets)


def calibration_batches(
    model: TrainedModel, tokenizer: Tokenizer, rows: Sequence[Row], n: int
) -> list[dict[str, NDArray[Any]]]:
    """Give inputs like those of use: sentences of train, evenly drawn; of others without one."""
    train = [row for row in rows if row["split"] == Split.train] or list(rows)
    drawn = train[:: max(1, len(train) // n)][:n]
    data = tokenize_examples(drawn, model.tasks, tokenizer, model.prefix)
    return [inputs for _, inputs in batches_of(data, model.pad_id)]


def write_variant(
    variant: Variant,
    model: TrainedModel,
    folder: Path,
    rows: Sequence[Row],
    settings: ExportSettings,
) -> None:
    """Write the files of a variant beside the exact graph.

    Args:
        variant: Which; not the exact one.
        model: That the exact graph was made from.
        folder: Holds the exact graph.
        rows: Of the table ``splits``.
        settings: How.

    Raises:
        ConfigError: The model is of a kind that has no such variant.
    """
    files, tokenizer, kept = VARIANT_FILES[variant], model.tokenizer, None
    if variant == Variant.small:
        tokenizer, new_ids = frequent_vocabulary(
            model.tokenizer, settings.languages, settings.frequent_words
        )
        kept = list(new_ids)
        if new_ids.get(model.pad_id) != model.pad_id:
            raise ConfigError(
                "expected a padding token that keeps its number, found one that moves"
            )
        tokenizer.save(str(folder / files.tokenizer), pretty=False)
    batches = calibration_batches(model, tokenizer, rows, settings.calibration_sentences)
    write_int8(folder / ONNX_FILE, folder / files.graph, batches, kept)


def delete_variant(folder: Path, variant: Variant, kept: Iterable[Variant]) -> None:
    """Delete those files of a variant that none of the kept ones needs."""
    needed = {name for other in kept for name in VARIANT_FILES[other].all}
    for name in {*VARIANT_FILES[variant].all} - needed:
        (folder / name).unlink(missing_ok=True)


def measure_variant(
    model: TrainedModel,
    folder: Path,
    variant: Variant,
    examples: Sequence[Row],
    before: Answers,
    threads: int,
) -> VariantParity:
    """Compare a variant with the exact graph.

    Args:
        model: That both were made from.
        folder: Holds the files of the variant.
        variant: Which.
        before: What the exact graph answers on the same examples, by `answers_of`.
        examples: Of the table ``splits``. Answers are compared on all of them, and with gold on
            those of dev.
        threads: Batches that are asked at a time; 0 takes as many as there are cores.
    """
    after = answers_of(model, folder, variant, examples, threads)
    same = np.concatenate([before[name] == after[name] for name in before], axis=1)
    langs = np.array([example["lang"] for example in examples])
    files = VARIANT_FILES[variant]
    losses, positions = _losses(model, examples, langs, before[STANCE.name], after[STANCE.name])
    return VariantParity(
        sentences=len(examples),
        megabytes=round(sum((folder / name).stat().st_size for name in files.all) / 1e6, 1),
        agreement={lang: round(float(same[langs == lang].mean()), 4) for lang in sorted({*langs})},
        f_polar_loss=losses,
        positions=positions,
    )


def too_far(found: VariantParity, settings: ExportSettings) -> str | None:
    """Say why a variant is not near enough to the exact graph; None where it is."""
    least, most = settings.variant_agreement, settings.variant_f_polar_loss
    odd = [
        f"{lang}: expected {least:.3f} of the answers to be the same, found {share:.3f}"
        for lang, share in found["agreement"].items()
        if share < least
    ]
    odd += [
        f"{name}: expected f_polar to fall by at most {most:.3f}, found {loss:.3f}"
        for name, loss in found["f_polar_loss"].items()
        if loss > most and found["positions"][name] >= _FEWEST
    ]
    return "; ".join(odd) or None


def answers_of(
    model: TrainedModel, folder: Path, variant: Variant, examples: Sequence[Row], threads: int
) -> Answers:
    """Give the number of the class that a variant answers each task of each example with."""
    files = VARIANT_FILES[variant]
    tokenizer = Tokenizer.from_file(str(folder / files.tokenizer))
    data = tokenize_examples(examples, model.tasks, tokenizer, model.prefix)
    session = open_session(folder / files.graph, 1)
    schemes = list(dict.fromkeys(task.scheme.name for task in model.tasks))
    found: dict[str, dict[int, NDArray[np.int64]]] = {name: {} for name in schemes}
    batches = list(batches_of(data, model.pad_id))
    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        answered = pool.map(lambda batch: session.run(schemes, batch[1]), batches)
        for (numbers, _), outputs in zip(batches, answered, strict=True):
            for name, logits in zip(schemes, outputs, strict=True):
                found[name] |= zip(numbers, logits.argmax(-1), strict=True)
    return {
        name: np.stack([answers[i] for i in range(len(data))]) for name, answers in found.items()
    }


def _losses(
    model: TrainedModel,
    examples: Sequence[Row],
    langs: NDArray[np.str_],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
) -> tuple[dict[str, float], dict[str, int]]:
    """Tell how much f_polar falls, over all rows, by language and by target; and of how many."""
    places = {target["key"]: place for place, target in enumerate(model.targets)}
    rows: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, example in enumerate(examples):
        if example["split"] != Split.dev:
            continue
        for label in example["stances"]:
            place = places[label["target"]]
            answer = (
                STANCE.classes.index(label["label"]),
                int(before[number, place]),
                int(after[number, place]),
            )
            for slice_name in (ALL, str(langs[number]), label["target"]):
                rows[slice_name].append(answer)
    losses, positions = {}, {}
    for name, answers in sorted(rows.items()):
        gold, exact, changed = np.array(answers, np.int64).T
        polar = [STANCE.classes.index(label) for label in STANCE.polar]
        known, found = (score(STANCE, gold, given)["f_polar"] for given in (exact, changed))
        if known is not None and found is not None:
            losses[name] = round(known - found, 4)
            positions[name] = int(np.isin(gold, polar).sum())
    return losses, positions
