import os
import time

import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.workers import Workers


def square(number):
    time.sleep(0.02 * (number % 3 == 0))  # so that later parts are done first
    return number * number, os.getpid()


def die(number):
    if number == 3:
        os._exit(9)
    return number


def fail(number):
    raise OSError(28, f"No space left for {number}")


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_results_come_in_the_order_of_the_parts(processes):
    with Workers(processes) as workers:
        found = list(workers.map(square, iter(range(40))))
    assert [result for result, _ in found] == [number * number for number in range(40)]
    assert len({process for _, process in found}) in ((1,) if processes == 1 else (2, 3, 4))


def test_one_part_needs_no_process():
    with Workers(4) as workers:
        assert list(workers.map(square, [5])) == [(25, os.getpid())]


def test_no_part_gives_no_result():
    with Workers(4) as workers:
        assert list(workers.map(square, [])) == []


def test_parts_are_taken_as_they_are_needed():
    taken = []
    parts = (taken.append(number) or number for number in range(1000))
    with Workers(2) as workers:
        results = workers.map(square, parts)
        for _ in range(3):
            next(results)
        assert len(taken) < 20


def test_the_processes_serve_one_map_after_another():
    with Workers(2) as workers:
        first = {process for _, process in workers.map(square, range(9))}
        second = {process for _, process in workers.map(square, range(9))}
    assert len(first | second) <= 3


def test_a_process_that_dies_is_an_error_that_says_so():
    with (
        Workers(2) as workers,
        pytest.raises(DataError, match=r"a worker process died.*processes=1"),
    ):
        list(workers.map(die, range(20)))


def test_an_error_in_a_process_comes_out_of_it():
    with Workers(2) as workers, pytest.raises(OSError, match="No space left for"):
        list(workers.map(fail, range(20)))
