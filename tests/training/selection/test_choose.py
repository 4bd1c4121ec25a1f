from collections import Counter

import pytest

from labels.pipeline.errors import DataError
from training.selection.choose import choose, quotas_of


def ids(chosen):
    return [one.candidate.sentence_id for one in chosen]


def test_quotas_are_whole_and_sum_to_what_is_asked():
    assert quotas_of({"uncertainty": 1, "thin": 1, "random": 1}, 10) == {
        "disagreement": 0,
        "uncertainty": 4,
        "thin": 3,
        "random": 3,
    }
    assert sum(quotas_of({"uncertainty": 0.5, "thin": 0.4, "random": 0.1}, 7).values()) == 7


def test_the_least_sure_are_taken_in_each_language(candidate):
    given = [candidate(i, "en", unsureness=0.5 + i / 100) for i in range(10)]
    given += [candidate(10 + i, "ar", unsureness=i / 100) for i in range(10)]
    found = choose(given, {"uncertainty": 1.0}, 4, Counter(), 1)
    assert {one.candidate.lang for one in found} == {"en", "ar"}
    assert {one.way for one in found} == {"uncertainty"}
    assert all(one.why.startswith("unsure of oic: 0.") for one in found)


def test_sentences_of_the_same_words_are_not_chosen_together(candidate):
    same = [candidate(i, text=f"the same old words {i}", unsureness=0.9) for i in range(8)]
    given = [*same, candidate(8, text="quite another matter here", unsureness=0.5)]
    assert "a#8" in ids(choose(given, {"uncertainty": 1.0}, 2, Counter(), 1))


def test_what_divides_labellers_is_taken(candidate):
    given = [candidate(i, disagreement=0.8 if i in (2, 5) else 0.0) for i in range(8)]
    found = choose(given, {"disagreement": 1.0}, 4, Counter(), 1)
    assert ids(found) == ["a#2", "a#5"]  # no more are divided
    assert found[0].why == "labellers are divided on russia: 0.8"


def test_the_thinnest_cells_are_filled_first(candidate):
    rare, common = ("ar", "oic", "against"), ("en", "russia", "neutral")
    given = [candidate(i, cells=[common]) for i in range(20)]
    given += [candidate(20 + i, "ar", cells=[rare]) for i in range(5)]
    found = choose(given, {"thin": 1.0}, 8, Counter({common: 3}), 1)
    counts = Counter(one.candidate.cells[0] for one in found)
    assert counts == {rare: 5, common: 3}  # 5 and 6 in the end
    assert found[-1].why.endswith("labelled as against towards oic in ar")


def test_a_sentence_is_chosen_once_and_by_one_way(candidate):
    given = [candidate(i, unsureness=i / 10, cells=[("en", "oic", "favor")]) for i in range(10)]
    shares = {"uncertainty": 0.4, "thin": 0.3, "random": 0.3}
    found = choose(given, shares, 10, Counter(), 1)
    assert ids(found) == [f"a#{i}" for i in range(10)]
    assert Counter(one.way for one in found) == {"uncertainty": 4, "thin": 3, "random": 3}


def test_nothing_to_go_by_is_told(candidate):
    given = [candidate(i) for i in range(3)]
    with pytest.raises(DataError, match=r"shares\.uncertainty: expected predictions, found none"):
        choose(given, {"uncertainty": 1.0}, 2, Counter(), 1)
    with pytest.raises(DataError, match=r"shares\.disagreement: expected votes that differ"):
        choose(given, {"disagreement": 1.0}, 2, Counter(), 1)


def test_the_same_seed_chooses_the_same(candidate):
    given = [candidate(i, unsureness=i / 50, cells=[("en", "oic", "favor")]) for i in range(50)]
    shares = {"uncertainty": 1.0, "thin": 1.0, "random": 1.0}
    first = choose(given, shares, 20, Counter(), 3)
    assert first == choose(given, shares, 20, Counter(), 3)
    assert first != choose(given, shares, 20, Counter(), 4)
