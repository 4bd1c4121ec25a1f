from collections import Counter

import pytest

from training.fit.auxiliary.mixture import beside_steps

LENGTHS = list(range(3, 13))  # 10 examples: batches of 4, 4 and 2


def chosen(epoch, share=0.5, n_steps=8, seed=13, key="news"):
    return beside_steps(LENGTHS, 4, share, n_steps, epoch, seed, key)


@pytest.mark.parametrize(("share", "batches"), [(0.5, 4), (1, 8), (0.3, 2), (0.001, 1)])
def test_a_share_of_the_steps_has_a_batch(share, batches):
    found = chosen(1, share)
    assert len(found) == batches
    assert set(found) <= set(range(8))


def test_the_whole_set_is_gone_through_before_it_begins_again():
    batches = [batch for epoch in (1, 2, 3) for batch in chosen(epoch).values()]
    assert len(batches) == 12  # four times three batches
    for start in range(0, 12, 3):
        passed = [example for batch in batches[start : start + 3] for example in batch]
        assert Counter(passed) == Counter(range(10))
    assert batches[:3] != batches[3:6]


def test_an_epoch_goes_on_where_the_last_one_ended():
    first, second = (list(chosen(epoch, share=0.25).values()) for epoch in (1, 2))
    seen = [example for batch in [*first, second[0]] for example in batch]
    assert Counter(seen) == Counter(range(10))


def test_seed_and_set_and_epoch_make_the_order():
    assert chosen(2) == chosen(2)
    assert chosen(2) != chosen(3)
    assert chosen(2) != chosen(2, seed=14)
    assert chosen(2) != chosen(2, key="tone")
