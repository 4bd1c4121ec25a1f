import os

import pytest
import torch

from labels.pipeline.errors import DataError
from training.fit.checkpoint import FILE, CheckpointFolder
from training.fit.history import Progress, write_history
from training.follow.progress import last_epochs, newest_run, read_progress


def epoch(number, score=0.5):
    return {
        "epoch": number,
        "train_loss": 1.0 / number,
        "f_polar_pooled": score,
        "macro_f1_pooled": None,
        "sentiment_macro_f1": 0.25,
        "seconds": 3.0,
        "train_seconds": 2.0,
    }


@pytest.fixture
def save(tmp_path):
    """Write a checkpoint of some epochs."""

    def write(key, *epochs):
        progress = Progress(len(epochs), 0.5, 1, list(epochs))
        CheckpointFolder(tmp_path, key).save({"weights/x": torch.zeros(3)}, progress)
        return tmp_path / key

    return write


def test_a_checkpoint_tells_its_epochs_until_it_is_gone(save):
    run = save("a", epoch(1), epoch(2))
    assert read_progress(run).history == [epoch(1), epoch(2)]
    (run / FILE).unlink()
    assert read_progress(run) is None


def test_a_damaged_checkpoint_is_named(save):
    run = save("a", epoch(1))
    (run / FILE).write_bytes(b"broken")
    with pytest.raises(DataError, match=r"a/state\.safetensors: expected the checkpoint"):
        read_progress(run)


def test_the_run_that_wrote_last_is_followed(save, tmp_path):
    assert newest_run(tmp_path) is None
    old, new = save("new_by_name", epoch(1)), save("a", epoch(1))
    for run, seconds in ((old, 1_000), (new, 2_000)):
        os.utime(run / FILE, (seconds, seconds))
    assert newest_run(tmp_path) == new


def test_the_last_epoch_comes_from_the_history_of_the_same_training(tmp_path):
    path = tmp_path / "history.csv"
    assert last_epochs(path, [epoch(1)]) == []
    write_history(path, [epoch(1), epoch(2), epoch(3)])
    (found,) = last_epochs(path, [epoch(1), epoch(2)])
    assert (found["epoch"], found["f_polar_pooled"]) == (3, 0.5)
    assert found["macro_f1_pooled"] is None
    assert last_epochs(path, [epoch(1, score=0.75)]) == []  # another training's
