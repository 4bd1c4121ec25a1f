import importlib
import os
import time
from contextlib import nullcontext
from functools import partial

import pytest

from labels.cluster.workers import TRIES, ClusterWorkers
from labels.pipeline.errors import ConfigError, DataError

pytestmark = pytest.mark.slow


def square(number):
    time.sleep(0.02 * (number % 3 == 0))  # so that later parts are done first
    return number * number, os.getpid()


def die_once(folder, number):
    """Die at the part 3, as often as there is a file for it."""
    marks = sorted(folder.iterdir())
    if number == 3 and marks:
        marks[0].unlink()
        os._exit(9)
    return number


def fail(number):
    raise DataError(f"no function for {number}")


@pytest.fixture
def workers(cluster):
    with ClusterWorkers(cluster) as joined:
        yield joined


def test_results_come_in_the_order_of_the_parts(workers):
    found = list(workers.map(square, iter(range(40))))
    assert [result for result, _ in found] == [number * number for number in range(40)]
    processes = {process for _, process in found}
    assert len(processes) >= 2
    assert os.getpid() not in processes


def test_no_part_gives_no_result(workers):
    assert list(workers.map(square, [])) == []


def test_parts_are_taken_as_they_are_needed(workers):
    taken = []
    parts = (taken.append(number) or number for number in range(1000))
    results = workers.map(square, parts)
    for _ in range(3):
        next(results)
    assert len(taken) < 20


@pytest.mark.parametrize("deaths", [1, TRIES])
def test_a_part_whose_process_dies_is_done_by_another(workers, tmp_path, deaths):
    for number in range(deaths):
        (tmp_path / str(number)).touch()
    results = workers.map(partial(die_once, tmp_path), range(8))
    if deaths < TRIES:
        assert list(results) == list(range(8))
    else:
        with pytest.raises(DataError, match=f"part 4 of the input: its process died {TRIES} times"):
            list(results)


def test_an_error_in_a_process_comes_out_of_it(workers):
    with pytest.raises(DataError, match="no function for 0"):
        list(workers.map(fail, range(20)))


def test_a_machine_with_another_program_is_refused(workers, monkeypatch):
    monkeypatch.setattr("labels.cluster.workers.metadata.version", lambda name: "9")
    with pytest.raises(DataError, match="a machine of the cluster: expected sikap 9, found"):
        list(workers.map(square, range(3)))


def test_a_machine_without_the_program_is_told(workers, tmp_path, monkeypatch):
    (tmp_path / "of_this_machine.py").write_text("def double(number):\n    return 2 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("of_this_machine")
    with pytest.raises(DataError, match="expected the program as it is installed here"):
        list(workers.map(module.double, range(3)))


def test_a_cluster_without_a_core_is_refused(monkeypatch):
    monkeypatch.setattr("labels.cluster.workers.joined", lambda address: nullcontext(0))
    with pytest.raises(ConfigError, match="address: expected a cluster with a core, got auto"):
        ClusterWorkers("auto").__enter__()
