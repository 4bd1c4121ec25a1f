from dataclasses import replace

import pytest

from labels.pipeline.errors import DataError
from training.benchmark.results import (
    Result,
    page_text,
    read_results,
    table_rows,
    write_results,
)

FIRST = Result("ruw", False, 13, "dev", 1200, 0.5, 0.4567, 0.6, 3, 2, 4279, "abc")


@pytest.fixture
def suites(suite):
    return {"ruw": suite("ruw")}


def test_results_come_back_and_a_newer_one_replaces_an_older(tmp_path):
    path = tmp_path / "results.csv"
    others = [
        replace(FIRST, seed=14),
        replace(FIRST, target_blind=True),
        replace(FIRST, part="test"),
    ]
    write_results(path, [FIRST, *others])
    newer = replace(FIRST, score=0.75, run="def")
    write_results(path, [*read_results(path), newer])
    found = read_results(path)
    assert len(found) == 4
    assert newer in found
    assert FIRST not in found


def test_there_are_none_before_the_first(tmp_path):
    assert read_results(tmp_path / "none.csv") == []


def test_another_file_is_no_results(tmp_path):
    (tmp_path / "a.csv").write_text("suite,seed\nruw,x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.csv: expected the columns suite, target_blind"):
        read_results(tmp_path / "a.csv")


def test_seeds_share_a_row_with_mean_and_deviation(suites):
    results = [FIRST, replace(FIRST, seed=14, score=0.6), replace(FIRST, target_blind=True)]
    seen, hidden = table_rows(results, suites)
    assert seen[:6] == ("RU-W", "dev", "1,200", "macro_f1", "55.0 ± 7.1 [45.7, 60.0]", "13, 14")
    assert hidden[0] == "RU-W (target hidden)"
    assert hidden[-1] == ""


def test_the_page_has_the_table_and_says_what_each_set_is(suites):
    page = page_text([FIRST, replace(FIRST, suite="gone")], suites)
    assert "| RU-W | dev | 1,200 | macro_f1 | 50.0 [45.7, 60.0] | 13 |" in page
    assert suites["ruw"].about in page
    assert "gone" not in page
