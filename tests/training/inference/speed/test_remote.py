import os
import signal

import pytest

from labels.pipeline.errors import ConfigError, DataError
from training.inference.speed.remote import Remote


class Box:
    """Holds a number."""

    def __init__(self, number=0):
        if number < 0:
            raise ConfigError(f"number: expected at least 0, got {number}")
        self.number = number

    def add(self, n):
        self.number += n
        return self.number

    def process(self):
        return os.getpid()

    def fail(self):
        raise DataError("row 3: expected a label, found none")

    def die(self):
        os.kill(os.getpid(), signal.SIGKILL)


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_object_lives_in_its_process_until_the_block_ends():
    with Remote(Box) as remote:
        assert remote.ask(Box.add, 3) == 3
        assert remote.ask(Box.add, 4) == 7
        process = remote.ask(Box.process)
        assert process != os.getpid()
        assert is_running(process)
        with pytest.raises(DataError, match="row 3: expected a label"):
            remote.ask(Box.fail)
        assert remote.ask(Box.add, 0) == 7  # an error ends nothing
    assert not is_running(process)


def make_wrong():
    return Box(-1)


def test_what_cannot_be_made_says_why():
    with pytest.raises(ConfigError, match="number: expected at least 0, got -1"):
        Remote(make_wrong)


def test_a_process_that_dies_is_an_error_that_says_so():
    with Remote(Box) as remote, pytest.raises(DataError, match="process died, perhaps for want of"):
        remote.ask(Box.die)
