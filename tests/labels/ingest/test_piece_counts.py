from array import array

from labels.ingest.piece_counts import PieceCounter
from labels.ingest.settings import BoilerplateSettings

OFTEN = BoilerplateSettings(learn=True, least_articles=2, least_share=0.5)


def counter_of(*articles):
    counter = PieceCounter()
    for source, hashes in articles:
        counter.add(source, array("Q", hashes))
    return counter


def test_a_piece_recurs_in_enough_articles_of_its_source():
    counter = counter_of(("a", [1, 2]), ("a", [1]), ("a", [1, 2]), ("b", [9]), ("b", [8]))
    assert counter.recurring(OFTEN) == {1, 2}
    assert counter.articles == {"a": 3, "b": 2}


def test_holders_are_numbered_as_they_were_added_and_empty_ones_count():
    counter = counter_of(("a", []), ("a", [1, 2]), ("b", []), ("a", [3]), ("a", [2, 5]))
    assert counter.holders({2}) == {1, 4}
    assert counter.holders({1, 3}) == {1, 3}
    assert counter.holders({7}) == frozenset()
    assert PieceCounter().holders({1}) == frozenset()
