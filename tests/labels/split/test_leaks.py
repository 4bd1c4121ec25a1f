from collections import Counter

from labels.split.leaks import (
    Kept,
    drop_divided,
    drop_languages,
    drop_leaks,
    drop_scored_only,
    drop_undated,
    drop_unseen,
)

LONG = "The ministers of nine states met in the old harbour town on Tuesday"  # 13 words


def ids(rows):
    return [row["sentence_id"] for row in rows]


def test_only_gold_is_held_out(example):
    rows = [
        example("a", "g1", "dev"),
        example("b", "g1", "dev", origin="silver"),
        example("c", "g2", "test", origin="silver"),
        example("d", "g3", "train", origin="silver"),
    ]
    kept = drop_leaks(rows, 5, 0.5)
    assert ids(kept.rows) == ["a", "d"]
    assert kept.dropped == {"held_out_without_gold": 2}


def test_train_gives_way_to_dev_and_dev_to_test(example):
    # 7 of its 9 5-grams stay when the last two words change
    changed = LONG.replace("on Tuesday", "last Friday")
    rows = [
        example("train", "g1", "train", LONG.upper()),
        example("dev", "g2", "dev", changed),
        example("test", "g3", "test", LONG),
        example("other", "g4", "train", "Nothing of the kind was ever said by anyone"),
    ]
    kept = drop_leaks(rows, 5, 0.5)
    assert ids(kept.rows) == ["test", "other"]
    assert kept.dropped == {"dev_overlaps_held_out": 1, "train_overlaps_held_out": 1}


def test_what_dev_loses_protects_nothing(example):
    # the dev sentence goes for its likeness to test; train is like it in other words alone
    rows = [
        example("test", "g1", "test", "a b c d e f"),
        example("dev", "g2", "dev", "a b c d e f g h i"),
        example("train", "g3", "train", "e f g h i"),
    ]
    # 5-grams of dev: 5, two of them the test sentence's two; the only one of train is its last
    kept = drop_leaks(rows, 5, 0.5)
    assert ids(kept.rows) == ["test", "train"]
    assert kept.dropped == {"dev_overlaps_held_out": 1}


def test_a_short_sentence_leaks_when_it_is_the_same(example):
    rows = [
        example("a", "g1", "train", "Rain fell."),
        example("b", "g1", "train", "Rain fell again."),
        example("c", "g2", "dev", "RAIN FELL"),
    ]
    assert ids(drop_leaks(rows, 5, 0.5).rows) == ["b", "c"]


def test_equal_sentences_inside_one_split_stay(example):
    rows = [example(key, "g", "train", LONG) for key in "ab"]
    rows += [example(key, "h", "dev", "Rain fell.") for key in "cd"]
    kept = drop_leaks(rows, 5, 0.5)
    assert ids(kept.rows) == ["a", "b", "c", "d"]
    assert kept.dropped == {}


def test_articles_that_are_only_scored_do_not_train(example):
    rows = [
        example(f"{key}#{split}", "g", split) | {"article_id": key}
        for key in ("sample-en-a-1", "en/first.txt")
        for split in ("train", "dev")
    ]
    kept = drop_scored_only(Kept(rows, Counter(other=1)), {"en/first.txt", "other"})
    assert ids(kept.rows) == ["sample-en-a-1#train", "sample-en-a-1#dev", "en/first.txt#dev"]
    assert kept.dropped == {"other": 1, "scored_only": 1}
    assert drop_scored_only(Kept(rows), ()).dropped == {}


def test_a_sentence_that_is_a_record_goes_with_its_article(example):
    rows = [
        example("en-1", "article:en/first.txt", "train"),
        example("en-2", "article:en/second.txt", "train"),
        example("en-3", "article:en/first.txt", "dev"),
    ]
    assert ids(drop_scored_only(Kept(rows), {"en/first.txt"}).rows) == ["en-2", "en-3"]


def test_an_unseen_target_has_labels_in_dev_and_none_in_train(example):
    rows = [
        example("both", "g1", "train", oic="favor", russia="neutral"),
        example("alone", "g2", "train", oic="against"),
        example("toned", "g3", "train", oic="against") | {"sentiment": {"label": "neutral"}},
        example("dev", "g4", "dev", oic="favor"),
    ]
    kept = drop_unseen(Kept(rows, Counter(test=1)), ["oic"])
    found = {row["sentence_id"]: [s["target"] for s in row["stances"]] for row in kept.rows}
    assert found == {"both": ["russia"], "toned": [], "dev": ["oic"]}
    assert kept.dropped == {"test": 1, "unseen_target": 1}
    assert drop_unseen(Kept(rows), []).rows == rows


def test_a_near_duplicate_of_what_is_held_out_stays_in_one_split(example):
    rows = [
        example("a", "wire", "train"),
        example("b", "wire", "dev"),
        example("c", "wire", "test"),
        example("d", "pair", "train"),
        example("e", "pair", "dev"),
        example("f", "silver", "train"),
        example("g", "silver", "dev", origin="silver"),  # is not scored, so nothing is held out
    ]
    kept = drop_divided(rows)
    assert ids(kept.rows) == ["c", "e", "f", "g"]
    assert kept.dropped == {"near_duplicate_held_out": 3}
    assert drop_divided([rows[0], rows[5]]).dropped == {}


def test_what_may_be_of_any_time_goes_and_copies_of_what_is_dated_stay(example):
    rows = [
        example("a", "g1", "train") | {"published": "2024-01-01"},
        example("b", "g1", "train"),
        example("c", "g2", "train"),
    ]
    kept = drop_undated(Kept(rows, Counter(other=1)))
    assert ids(kept.rows) == ["a", "b"]
    assert kept.dropped == {"other": 1, "undated": 1}


def test_an_unseen_language_is_in_dev_and_not_in_train(example):
    rows = [
        example("a", "g1", "train") | {"lang": "ru"},
        example("b", "g2", "dev") | {"lang": "ru"},
        example("c", "g3", "train"),
    ]
    kept = drop_languages(Kept(rows, Counter(other=1)), ["ru"])
    assert ids(kept.rows) == ["b", "c"]
    assert kept.dropped == {"other": 1, "unseen_language": 1}
    assert drop_languages(Kept(rows), []).dropped == {}
