import csv
import json
import threading
import time

import pytest
import torch

from labels.pipeline.errors import DataError
from tests.training.follow.test_progress import epoch
from training.fit.checkpoint import CheckpointFolder
from training.fit.history import Progress, write_history


def written(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [row["epoch"] for row in csv.DictReader(file)]


def wait_for(condition):
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_each_epoch_is_there_before_the_next_one_and_the_last_is_not_missed(tmp_path, composer):
    folder = CheckpointFolder(tmp_path / "runs", "key")
    output, history = tmp_path / "live", tmp_path / "history.csv"
    seen = []

    def train():
        epochs = []
        for number in (1, 2):
            epochs.append(epoch(number, score=number / 4))
            folder.save({"weights/x": torch.zeros(2)}, Progress(number, 0.5, 1, list(epochs)))
            expected = [str(i + 1) for i in range(number)]
            file = output / "history.csv"
            seen.append(wait_for(lambda: file.exists() and written(file) == expected))  # noqa: B023
        write_history(history, [*epochs, epoch(3)])  # the checkpoint of the last one is not seen
        folder.remove()

    training = threading.Thread(target=train)
    training.start()
    composer.run(
        "follow_training",
        f"checkpoints={tmp_path / 'runs'}",
        f"history={history}",
        f"output={output}",
        "every=0.01",
        "patience=20",
    )
    training.join()
    assert seen == [True, True]
    assert written(output / "history.csv") == ["1", "2", "3"]
    metrics = json.loads((output / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["epoch"], metrics["f_polar_pooled"]) == (3, 0.5)


def test_a_training_that_does_not_come_is_an_error(tmp_path, composer):
    with pytest.raises(DataError, match=r"expected an epoch within 0\.05 seconds, found 0 epochs"):
        composer.run(
            "follow_training",
            f"checkpoints={tmp_path / 'none'}",
            f"output={tmp_path}",
            "every=0.01",
            "patience=0.05",
        )


def test_who_comes_too_late_is_told_where_the_epochs_are(tmp_path, composer, capsys):
    history = tmp_path / "history.csv"
    write_history(history, [epoch(1)])
    with pytest.raises(DataError):
        composer.run(
            "follow_training",
            f"checkpoints={tmp_path / 'none'}",
            f"history={history}",
            f"output={tmp_path}",
            "every=0.01",
            "patience=0.05",
        )
    assert str(history) in capsys.readouterr().err.replace("\n", "")
