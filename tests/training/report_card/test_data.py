from training.report_card.data import annotators_of, read_data, shared_by_splits


def test_sentences_are_counted_by_split_language_and_class(small):
    facts = read_data(iter(small.splits), {"en3"})
    assert facts.splits == ["train", "dev"]
    assert facts.langs == ["ar", "en"]
    dev = facts.part("dev")
    assert (dev.sentences, dev.gold, len(dev.articles)) == (48, 48, 48)
    assert facts.part("dev", "ar").labels["russia", "favor"] == 6
    assert dev.labels["sentiment", "neutral"] == 16
    assert sum(dev.lengths.values()) == 48
    assert list(facts.kept) == ["en3"]


def test_silver_sentences_are_no_gold_ones(small):
    for stance in (*small.splits[0]["stances"], small.splits[0]["sentiment"]):
        stance["origin"] = "silver"
    assert read_data(iter(small.splits), ()).part("dev", "en").gold == 23


def test_a_long_sentence_counts_in_the_last_bin(split_row):
    rows = [split_row("a", "x" * 20), split_row("b", "y" * 10_000), split_row("c", "")]
    assert read_data(rows, ()).part("train").lengths == {1: 1, 20: 1, 0: 1}


def test_what_two_splits_share_is_found(small, split_row):
    (clean,) = shared_by_splits(read_data(iter(small.splits), ()))
    assert (clean.first, clean.second, clean.articles, clean.sentences) == ("train", "dev", 0, 0)
    copy = small.splits[0]  # of dev
    planted = [
        split_row("x", copy["text"].upper(), "train"),  # the same words
        split_row("y", "Another one.", "train", group_id=copy["group_id"]),  # the same article
    ]
    (leak,) = shared_by_splits(read_data([*small.splits, *planted], ()))
    assert (leak.articles, leak.sentences) == (1, 1)


def test_annotators_are_those_of_gold_and_of_the_sentences_asked_for(small):
    small.labels[0]["origin"] = "silver"
    small.labels[2]["annotator"] = "person"
    assert annotators_of(small.labels, {"en0", "en1"}) == {"model:<b>reader</b>": 2, "person": 1}
