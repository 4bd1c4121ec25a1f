import os
from pathlib import Path

import pytest

from training.inference.speed.contender import Contender, timed
from training.inference.speed.remote import Remote


class Clock:
    """Tells the time, which goes on when sentences are labelled."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def label(clock):
    """Take two seconds a sentence; an empty one cannot be labelled."""

    def label(sentences):
        clock.now += 2.0 * len(sentences)
        return sum(map(bool, sentences))

    return label


@pytest.mark.parametrize(
    ("seconds", "labelled", "taken"), [(0, 3, 6.0), (11.9, 3, 6.0), (12, 6, 12.0), (20, 9, 18.0)]
)
def test_whole_passes_are_timed_and_none_that_would_end_too_late(
    clock, label, seconds, labelled, taken
):
    found = timed(label, ["a", "b", "c"], seconds, clock)
    assert (found.sentences, found.seconds) == (labelled, taken)
    assert found.rate == 0.5


def test_only_sentences_that_were_labelled_count(clock, label):
    assert timed(label, ["a", "", "c", ""], 0, clock).rate == 2 / 8


class Counting(Contender):
    def __init__(self):
        self.asked = []

    def label(self, sentences):
        self.asked.append(list(sentences))
        return len(sentences)

    def megabytes(self):
        return None


def test_single_sentences_are_handed_over_one_by_one_and_again_from_the_first():
    contender = Counting()
    assert len(contender.alone(["a", "b"], 0)) == 1  # the first always is
    contender.asked.clear()
    found = contender.alone(["a", "b"], 0.01)
    assert contender.asked[:3] == [["a"], ["b"], ["a"]]
    assert len(found) == len(contender.asked)
    assert min(found) >= 0


def test_what_fits_into_the_time_is_estimated_after_a_warm_up():
    contender = Counting()
    assert contender.fitting(list("abcdefghij"), 1) > 8
    assert contender.asked == [list("abcd"), list("abcdefgh")]
    assert contender.fitting(["a"], 1e-12) == 1


class Growing(Counting):
    def hold(self, mib):
        self.held = bytearray(os.urandom(1)) * (mib * 2**20)

    def let_go(self):
        del self.held


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak")
def test_the_peak_of_memory_is_of_one_process_and_stays():
    with Remote(Growing) as remote:
        before = remote.ask(Growing.peak_mib)
        remote.ask(Growing.hold, 256)
        grown = remote.ask(Growing.peak_mib)
        assert 250 < grown - before < 300
        remote.ask(Growing.let_go)
        assert remote.ask(Growing.peak_mib) == pytest.approx(grown, abs=5)  # the system rounds
