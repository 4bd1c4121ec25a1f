import random

import pytest

from labels.ingest.duplicates import group_near_duplicates, sketch_of
from labels.ingest.settings import NearDuplicateSettings

NEAR = NearDuplicateSettings(shingle_words=3, permutations=64, threshold=0.5, seed=1)


def groups(texts):
    sketches = ((name, sketch_of(text, NEAR)) for name, text in texts.items())
    return group_near_duplicates(sketches, NEAR)


def test_near_duplicates_chain_into_one_group_named_by_the_smallest_id():
    words = [f"w{n}" for n in range(60)]
    texts = {
        "c": " ".join(words[:40]),
        "b": " ".join(words[8:48]),
        "a": " ".join(words[16:56]),
        "z": "quite another text about the harbour of a small town by the sea",
    }
    assert groups(texts) == {"a": "a", "b": "a", "c": "a", "z": "z"}


def test_copies_differ_in_case_and_signs_only():
    assert groups({"b": "Rain, again!", "a": "rain AGAIN", "c": "rain"}) == {
        "b": "a",
        "a": "a",
        "c": "c",
    }


def test_texts_without_words_are_groups_of_their_own():
    assert groups({"a": "", "b": "\n", "c": "..."}) == {"a": "a", "b": "b", "c": "c"}
    assert groups({}) == {}


@pytest.mark.parametrize(("n_shared", "together"), [(24, True), (15, False)])
def test_a_pair_counts_from_the_threshold_on(n_shared, together):
    # Of 30 words in a row there are 28 runs of three; with 24 in common the texts share 22 runs
    # of 28 + 28 - 22, 0.65 of them; with 15, 13 of 43.
    words = [f"w{n}" for n in range(60)]
    first, second = words[:30], words[30 - n_shared : 60 - n_shared]
    found = groups({"a": " ".join(first), "b": " ".join(second)})
    assert (found["b"] == "a") is together


def test_the_groups_are_the_same_in_any_order():
    rng = random.Random(3)
    words = [f"w{n}" for n in range(400)]
    texts = {}
    for number in range(30):
        start = rng.randrange(300)
        for copy in range(4):
            own = words[start : start + 60]
            own[rng.randrange(60)] = f"only{number}-{copy}"
            texts[f"{number}-{copy}"] = " ".join(own)
    shuffled = list(texts)
    rng.shuffle(shuffled)
    found = groups(texts)
    assert groups({name: texts[name] for name in shuffled}) == found
    assert all(found[f"{n}-{copy}"] == found[f"{n}-0"] for n in range(30) for copy in range(4))
