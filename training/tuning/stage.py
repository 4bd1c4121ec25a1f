"""Try settings of ``train_model``, keep what each trial scored, and say which were best."""

import csv
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback
from optuna.trial import FrozenTrial, TrialState
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import atomic_path
from training.experiments.runs import compose_settings
from training.fit.history import Epoch, dev_scores
from training.fit.settings import TrainSettings
from training.fit.stage import train_model
from training.pictures.figures import draw_trials
from training.tuning.settings import Dimension, TuneSettings

_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
_HEARTBEAT = 20  # seconds between signs of life; a trial without any for a minute is tried again
_SHOWN = 10  # trials in the table

Drawn = float | int | str  # the value of a setting in a trial; a choice as it is written


def tune_model(settings: TuneSettings) -> None:
    """Run trials until the study has as many as asked for, then write and show what they scored.

    A trial trains with settings drawn from the space and scores on dev after each epoch; one that
    is behind the median of the others by then is stopped. The study goes on from its storage: a
    trial that was killed is trained again, from its last finished epoch. Several processes or
    machines that share storage and working folder share the trials.

    Raises:
        ConfigError: A drawn setting is none of ``train_model``, or the storage cannot be opened.
        DataError: No trial finished.
    """
    console = Console(stderr=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    folder = settings.work / settings.study
    folder.mkdir(parents=True, exist_ok=True)
    study = _open(settings, folder)
    left = settings.trials - len(study.get_trials(deepcopy=False, states=_FINISHED))
    console.print(
        f"study {settings.study}: {settings.trials - left} of {settings.trials} trials are done",
        highlight=False,
    )
    if left > 0:
        study.optimize(
            lambda trial: _score(trial, settings, folder, console),
            callbacks=[optuna.study.MaxTrialsCallback(settings.trials, states=_FINISHED)],
        )
    trials = study.get_trials(states=_FINISHED)
    if not study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)):
        raise DataError(f"study {settings.study}: expected a trial that finished, found none")
    _write(folder / "trials.csv", trials, [dimension.name for dimension in settings.dimensions])
    draw_trials(folder / "trials.svg", [(trial.number, _best(trial)) for trial in trials])
    _show(study, trials, settings)
    Console().print(
        f"trials  {folder / 'trials.csv'}\npicture {folder / 'trials.svg'}\n"
        f"best    python scripts/train_model.py "
        f"{' '.join([*settings.fixed, *_overrides(study.best_params)])}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _open(settings: TuneSettings, folder: Path) -> optuna.Study:
    """Open the study in its storage, or begin it."""
    url = settings.storage or f"sqlite:///{(folder / 'study.db').absolute()}"
    try:
        with warnings.catch_warnings(action="ignore", category=ExperimentalWarning):
            storage = RDBStorage(
                url,
                heartbeat_interval=_HEARTBEAT,
                grace_period=3 * _HEARTBEAT,
                heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(),
            )
        study = optuna.create_study(
            storage=storage,
            study_name=settings.study,
            direction="maximize",
            load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=settings.random_trials),
        )
    except (SQLAlchemyError, ValueError) as error:
        raise ConfigError(f"storage: cannot open {url}: {str(error).splitlines()[0]}") from error
    # Trials that are there change the seed, or a study that goes on would draw the same again.
    study.sampler = optuna.samplers.TPESampler(
        seed=settings.seed + len(study.get_trials(deepcopy=False)),
        n_startup_trials=settings.random_trials,
    )
    return study


def _score(trial: optuna.Trial, settings: TuneSettings, folder: Path, console: Console) -> float:
    """Train with the settings of a trial and return the best score of its epochs."""
    drawn = {dimension.name: _draw(trial, dimension) for dimension in settings.dimensions}
    console.print(f"trial {trial.number}: {' '.join(_overrides(drawn))}", highlight=False)
    place = folder / f"trial-{trial.number}"
    composed = compose_settings(
        "train_model",
        [
            *settings.fixed,
            *_overrides(drawn),
            f"output={place / 'model'}",
            f"history={place / 'history.csv'}",
            f"checkpoints={folder / 'checkpoints'}",
        ],
    )
    assert isinstance(composed, TrainSettings)  # as scripts/train_model.py declares
    scores: list[float] = []

    def report(epoch: Epoch) -> None:
        score = dev_scores(epoch)[composed.chosen_by.value]
        assert score is not None  # train_model has seen to it
        scores.append(score)
        trial.report(max(scores), epoch["epoch"])
        if trial.should_prune():
            console.print(f"trial {trial.number}: stopped after epoch {epoch['epoch']}")
            raise optuna.TrialPruned

    try:
        train_model(composed, report)
    except KeyboardInterrupt:
        trial.study.enqueue_trial(drawn)  # its epochs are kept, so it goes on from there
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)  # a model is 300 MB; its settings make it anew
    return max(scores)


def _draw(trial: optuna.Trial, dimension: Dimension) -> Drawn:
    name, low, high, log = dimension.name, dimension.low, dimension.high, dimension.log
    if dimension.choices:
        return str(trial.suggest_categorical(name, dimension.choices))
    if dimension.is_whole:
        return trial.suggest_int(name, int(low), int(high), log=log)
    return trial.suggest_float(name, low, high, log=log)


def _overrides(drawn: Mapping[str, Drawn]) -> list[str]:
    return [f"{name}={_written(value)}" for name, value in drawn.items()]


def _written(value: Drawn) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _best(trial: FrozenTrial) -> float:
    """Return the score of a trial, up to where it was stopped."""
    return max(trial.intermediate_values.values())


def _write(path: Path, trials: list[FrozenTrial], names: list[str]) -> None:
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["trial", "state", "score", "epochs", *names])
        for trial in trials:
            epochs = len(trial.intermediate_values)
            drawn = [_written(trial.params[name]) for name in names]
            writer.writerow([trial.number, trial.state.name.lower(), _best(trial), epochs, *drawn])


def _show(study: optuna.Study, trials: list[FrozenTrial], settings: TuneSettings) -> None:
    table = Table(title=f"Study {settings.study}: the best of {len(trials)} trials, scored on dev")
    names = [dimension.name for dimension in settings.dimensions]
    for name in ("trial", "score", "state", *names):
        table.add_column(name, justify="right")
    for trial in sorted(trials, key=lambda trial: -_best(trial))[:_SHOWN]:
        drawn = [_written(trial.params[name]) for name in names]
        table.add_row(str(trial.number), f"{_best(trial):.3f}", trial.state.name.lower(), *drawn)
    Console().print(table)
    finished = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    if len(finished) > settings.random_trials and len({trial.value for trial in finished}) > 1:
        shares = optuna.importance.get_param_importances(study)
        told = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
        Console().print(f"how much of the differences each explains: {told}", highlight=False)
