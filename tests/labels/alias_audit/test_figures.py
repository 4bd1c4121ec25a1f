from labels.alias_audit.figures import Judgement, measure


def judgement(number, found_when_drawn, weight, named, found, lang="en"):
    sentence = {"sentence_id": f"{number}", "article_id": "a", "field": "text", "start": 0}
    sentence |= {"end": 1, "lang": lang, "found": found_when_drawn, "weight": weight}
    return Judgement(sentence | {"named": named}, frozenset(found))


def test_counts_and_shares_of_a_language_and_of_each_target():
    judged = [
        judgement(1, True, 2.0, ["russia"], ["russia"]),
        judgement(2, True, 2.0, ["russia", "oic"], ["russia"]),
        judgement(3, True, 2.0, [], ["oic"]),
        judgement(4, False, 10.0, ["russia"], []),
        judgement(5, False, 10.0, [], []),
        judgement(6, False, 1.0, ["oic"], [], lang="id"),
    ]
    figures = measure(judged, ["russia", "oic"], ["ar", "en", "id"])
    whole, russia, oic, indonesian = figures[0], figures[1], figures[2], figures[3]
    assert [(one["lang"], one["task"]) for one in figures[:4]] == [
        ("en", "all"),
        ("en", "russia"),
        ("en", "oic"),
        ("id", "all"),
    ]
    assert (whole["right"], whole["wrong"], whole["missed"]) == (2, 1, 2)
    assert (whole["precision"], whole["recall"]) == (0.6667, 0.5)
    assert whole["weighted_recall"] == 0.25  # 2 * 2 of 2 * 2 + 2 + 10
    assert (russia["right"], russia["wrong"], russia["missed"]) == (2, 0, 1)
    assert (oic["precision"], oic["recall"], oic["weighted_recall"]) == (0.0, 0.0, 0.0)
    assert (indonesian["precision"], indonesian["recall"]) == (None, 0.0)


def test_the_lower_bound_counts_what_may_be_missed_where_nothing_was_found():
    judged = [judgement(1, True, 5.0, ["russia"], ["russia"])]
    judged += [judgement(number, False, 3.0, [], []) for number in range(2, 6)]
    (found,) = measure(judged, ["russia"], ["en"])[:1]
    # Wilson of 0 of 4 ends at 1.96² / (4 + 1.96²) = 0.4899, of 12 sentences
    assert found["weighted_recall"] == 1.0
    assert found["weighted_low"] == round(5 / (5 + 12 * 0.4899), 4)


def test_nothing_named_and_nothing_found_has_no_share():
    (found, *_) = measure([judgement(1, False, 1.0, [], [])], ["oic"], ["en"])
    assert (found["precision"], found["recall"]) == (None, None)
    assert found["weighted_recall"] is None
