import json

import pytest

from labels.corpus.gauge import (
    Kept,
    compare,
    gauge,
    gauge_rows,
    is_newest,
    out_of_bounds,
    read_kept,
)
from labels.corpus.read import read_corpus
from labels.corpus.reference import read_real_news
from labels.pipeline.errors import ConfigError, DataError
from labels.targets import Matcher
from labels.targets.read import load_targets
from tests.labels.corpus.conftest import GOLD, write_lines


@pytest.fixture
def matcher(limits):
    return Matcher(load_targets(limits.target_folder, limits.targets))


@pytest.fixture
def corpus(folder, limits):
    return read_corpus(folder, limits.targets)


@pytest.fixture
def news(tmp_path):
    real = tmp_path / "real"
    (real / "articles").mkdir(parents=True)
    (real / "gold").mkdir()
    records = [
        {"id": f"r{i}", "lang": "en", "text": f'Moscow said on day {i} that "all is well".'}
        for i in range(30)
    ]
    write_lines(real / "articles" / "a.jsonl", records)
    write_lines(real / "gold" / "train.jsonl", GOLD)
    return read_real_news(real)


def test_the_gauge_measures_languages_with_gold(corpus, matcher, limits):
    found = gauge(corpus.pieces_by_language(), corpus.gold, matcher, limits)
    assert list(found) == ["en"]
    assert found["en"]["polar among mentions of russia"] == 1.0
    assert found["en"]["polar stances of a leader"] == 0.0


def test_real_figures_are_kept_and_no_text(corpus, news, matcher, limits):
    features = compare(corpus, news, matcher, limits)
    assert features == {"en": []}  # too few sentences to tell
    kept = read_kept(limits.gauge_figures)
    assert kept.real["en"]["sentences with quotation marks"] == 1.0
    assert kept.apart["en"] == {
        "whole corpus": None,
        "newest part": None,
        "as much of the rest": None,
    }
    assert "well" not in limits.gauge_figures.read_text(encoding="utf-8")


def test_the_table_sets_both_sides_beside_each_other(matcher):
    name = "polar among mentions of oic"
    separation = {"auc": 0.91, "low": 0.9, "high": 0.925, "sentences": 1758}
    kept = Kept({"en": {name: 0.125}}, {"en": {"whole corpus": separation}})
    rows = gauge_rows(["en", "ru"], {"en": {name: 0.5}}, kept, matcher)
    found = {row[0]: row[1:] for row in rows}
    assert found[name] == ["50.0%", "12.5%", "-", "-"]
    assert found["told from news, AUC: whole corpus"] == [
        "0.910 (0.900 to 0.925, n 1,758)",
        "",
        "-",
        "",
    ]
    assert found["told from news, AUC: newest part"] == ["-", "", "-", ""]


def test_a_figure_outside_its_bounds_is_told_by_language(changed):
    ours = {"en": {"x": 0.5, "y": None}, "ru": {"x": 0.5, "y": 3.0}}
    bounds = {"x": {"all": [0.0, 0.4], "ru": [0.4, 0.6]}, "y": {"all": [1.0, 2.0]}}
    found = [str(one) for one in out_of_bounds(ours, changed(bounds=bounds))]
    assert found == ["en: x: expected 0 to 0.4, found 0.5", "ru: y: expected 1 to 2, found 3"]


def test_a_bound_on_no_figure_is_told_once(changed):
    ours = {"en": {"x": 0.5}, "ru": {"x": 0.5}}
    (only,) = out_of_bounds(ours, changed(bounds={"z": {"all": [0.0, 1.0]}}))
    assert str(only) == "bounds: expected one of ['x'], got 'z'"


def test_bounds_must_be_pairs_in_order(changed):
    with pytest.raises(ConfigError, match=r"bounds\.x\.all: expected \[least, most\], got"):
        changed(bounds={"x": {"all": [2.0, 1.0]}})


@pytest.mark.parametrize(("article", "new"), [("sample-ru-e-1", True), ("ru/old.txt", False)])
def test_the_newest_part_is_known_by_the_ids_of_its_articles(changed, article, new):
    assert is_newest(article, changed(newest=["sample-??-e-*", "*/x-*"])) is new


@pytest.mark.parametrize("text", ["", "{}", json.dumps({"languages": {"en": {}}})])
def test_kept_figures_that_are_missing_are_an_error(tmp_path, text):
    (tmp_path / "kept.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="expected figures of real news"):
        read_kept(tmp_path / "kept.json")
