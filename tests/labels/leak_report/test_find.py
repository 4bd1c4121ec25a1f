from functools import partial

import pytest

from labels.ingest.settings import NearDuplicateSettings
from labels.leak_report.find import KINDS, find_leaks

NEAR = NearDuplicateSettings(shingle_words=3, permutations=128, threshold=0.6, seed=1)
LONG = "The ministers of nine states met in the old harbour town on Tuesday"  # 13 words
find = partial(find_leaks, near=NEAR, ngram_words=5, max_shared=0.5, shown=5)


@pytest.fixture
def rows(split_row):
    """Give rows of three splits that share nothing but an outlet."""
    return [
        split_row("t", "Alpha beta gamma delta.", "train", {"oic": "favor"}, source="Gazette"),
        split_row("d", LONG, "dev", {"oic": "favor", "russia": "favor"}, source="Gazette"),
        split_row("e", "Some other words in a row.", "test", source="Herald", lang="ru"),
    ]


def counts(report, first="train", second="dev"):
    (pair,) = [p for p in report["pairs"] if (p["first"], p["second"]) == (first, second)]
    return {kind: pair[kind] for kind in KINDS}


def test_what_shares_an_outlet_alone_does_not_leak(rows):
    report = find(rows)
    assert report["leaks"] == 0
    assert report["found"] == []
    assert [pair["outlets"] for pair in report["pairs"]] == [1, 0, 0]


@pytest.mark.parametrize(
    ("text", "changes", "found"),
    [
        ("Zeta.", {"article_id": "article d"}, {"articles": 1}),
        ("Zeta.", {"group_id": "group d"}, {"groups": 1}),
        (LONG.upper(), {}, {"near_copies": 1, "equal_sentences": 1, "overlaps": 1}),
        # of its 11 trigrams 9 are among the 13 of both; 7 of its 9 5-grams
        (LONG.replace("on Tuesday", "last Friday"), {}, {"near_copies": 1, "overlaps": 1}),
        (
            f"They said so before {LONG} and said it again to all who came there",
            {},
            {"overlaps": 1},
        ),
    ],
)
def test_every_kind_of_leak_is_found_and_named(rows, split_row, text, changes, found):
    report = find([*rows, split_row("x", text, "train", source="Herald", **changes)])
    assert counts(report) == dict.fromkeys(KINDS, 0) | found
    assert counts(report, "dev", "test") == dict.fromkeys(KINDS, 0)
    assert report["leaks"] == len(report["found"]) == sum(found.values())
    assert {leak["kind"] for leak in report["found"]} == set(found)
    assert all(leak["first"].startswith("train ") for leak in report["found"])
    assert all(leak["second"].startswith("dev ") for leak in report["found"])


def test_only_so_many_are_named_and_all_are_counted(rows, split_row):
    copies = [split_row(f"x{i}", LONG, "train") for i in range(4)]
    report = find([*rows, *copies], shown=2)
    assert report["leaks"] == 4 * 3  # near copies, equal sentences, overlaps
    assert len(report["found"]) == 2


def test_what_is_new_in_what_is_scored_is_told(rows):
    for row, day in zip(rows, ("2024-01-02", "2024-01-03", None), strict=True):
        row["published"] = day
    splits = find(rows)["splits"]
    assert splits["train"]["later"] == 0
    assert (splits["dev"]["dated"], splits["dev"]["later"]) == (1, 1)
    assert splits["dev"]["new_targets"] == ["russia"]
    assert splits["dev"]["new_outlets"] == 0
    assert splits["test"]["new_languages"] == ["ru"]
    assert splits["test"]["new_outlets"] == 1
    assert (splits["test"]["first_day"], splits["test"]["later"]) == (None, 0)


def test_nothing_is_later_than_a_train_without_dates(rows):
    rows[1]["published"] = "2024-01-03"
    assert find(rows)["splits"]["dev"]["later"] == 0
