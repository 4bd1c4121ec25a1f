import json
import os
import subprocess
import sys
import time

import psutil
import pytest

from tests.training.fit.conftest import (
    EPOCHS,
    command_line,
    learn_beside,
    read_history,
    write_inputs,
    write_sets,
)
from training.experiments.runs import SCRIPTS

# Each process draws its dropout for itself.
STILL = ["encoder_dropout=0", "token_dropout=0", "classifier.dropout=0"]
# The sums of several processes are rounded in another order than those of one.
TOLERANCE = 1e-5
# Trains in one process group, to import torch once, and waits after a checkpoint to be killed.
SEVERAL_TRAININGS = """
import json, sys, time
from accelerate import Accelerator
from training.experiments.runs import compose_settings, stage_of
from training.fit.checkpoint import CheckpointFolder

save = CheckpointFolder.save

def save_and_wait(self, *arguments):
    save(self, *arguments)
    if self.path.parents[1].name == "killed":
        time.sleep(600)

CheckpointFolder.save = save_and_wait
Accelerator.end_training = lambda self: None
for overrides in json.loads(sys.argv[1]):
    stage_of("train_model").function()(compose_settings("train_model", overrides))
"""


def start(script, *arguments):
    """Start a script in two processes on the processor."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    return subprocess.Popen(
        [*command, "--nproc_per_node", "2", str(script), *arguments],
        cwd=SCRIPTS.parent,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(SCRIPTS.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_at(path, run):
    """Wait for a file and kill the run and all its processes, as a machine that goes down."""
    try:
        while not list(path.parent.glob(path.name + "/*/state.safetensors")):
            if run.poll() is not None:
                raise AssertionError(run.stderr.read())
            time.sleep(0.05)
    finally:
        if run.poll() is None:
            launcher = psutil.Process(run.pid)
            tree = [launcher, *launcher.children(recursive=True)]
            for process in tree:
                process.kill()
            psutil.wait_procs(tree)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, split_row, tiny_overrides):
    """Train in two processes: without dropout, and so with auxiliary sets; with dropout; killed.

    The killed training is that with dropout, and is resumed.

    Returns:
        The folder of the trainings, and what the resumed one said.
    """
    folder = tmp_path_factory.mktemp("processes")
    write_inputs(folder, split_row)
    beside = learn_beside(write_sets(folder / "sets", split_row))
    still, taught, undisturbed, killed = (
        [*command_line(folder, name), *tiny_overrides, *changes]
        for name, changes in (
            ("still", STILL),
            ("taught", [*STILL, *beside]),
            ("undisturbed", []),
            ("killed", []),
        )
    )
    script = folder / "several_trainings.py"
    script.write_text(SEVERAL_TRAININGS, encoding="utf-8")
    kill_at(
        folder / "killed" / "runs", start(script, json.dumps([still, taught, undisturbed, killed]))
    )
    assert not (folder / "killed" / "model").exists()
    resumed = start(SCRIPTS / "train_model.py", *killed)
    _, said = resumed.communicate()
    assert resumed.returncode == 0, said
    return folder, said


@pytest.mark.slow
def test_two_processes_train_as_one_does(trained, train):
    # 13 sentences in batches of 4: the last batch has one, so a process takes part without any
    alone, together = read_history(train("alone", *STILL)), read_history(trained[0] / "still")
    assert len(alone) == len(together) == EPOCHS
    assert 0 < float(alone[0]["f_polar_pooled"]) < 1
    for expected, found in zip(alone, together, strict=True):
        for name, value in expected.items():
            assert float(found[name]) == pytest.approx(float(value), rel=TOLERANCE)


@pytest.mark.slow
def test_two_processes_learn_from_auxiliary_sets_as_one_does(trained, train, beside):
    alone = read_history(train("alone", *STILL, *beside))
    together = read_history(trained[0] / "taught")
    assert alone[0].keys() == together[0].keys() >= {"auxiliary_loss.news", "auxiliary_loss.tone"}
    for expected, found in zip(alone, together, strict=True):
        for name, value in expected.items():
            assert float(found[name]) == pytest.approx(float(value), rel=TOLERANCE)
    assert alone[0]["train_loss"] != read_history(trained[0] / "still")[0]["train_loss"]


@pytest.mark.slow
def test_two_killed_processes_go_on_as_if_nothing_had_happened(trained):
    folder, _ = trained
    for name in ("history.csv", "model/model.safetensors", "model/model.json"):
        resumed, undisturbed = folder / "killed" / name, folder / "undisturbed" / name
        assert resumed.read_bytes() == undisturbed.read_bytes()
    still, drawn = (read_history(folder / name) for name in ("still", "undisturbed"))
    assert still[0]["train_loss"] != drawn[0]["train_loss"]  # else no dropout would be restored


@pytest.mark.slow
def test_the_main_process_alone_speaks(trained):
    _, said = trained
    assert said.count("2 processes") == 1
    assert said.count("resumed after epoch 1") == 1
    assert [said.count(f"epoch  {epoch}") for epoch in (1, 2, 3)] == [0, 1, 1]
