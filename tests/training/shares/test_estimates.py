import pytest
from rich.console import Console

from labels.pipeline.progress import meter
from tests.training.shares.conftest import TARGET, made_gold, made_news, record, write_lines
from training.shares.audit import read_audit
from training.shares.cells import View, describe_articles
from training.shares.corpus import read_corpus
from training.shares.estimates import ALL_LANGUAGES, TOO_FEW, Workbench, all_voices
from training.shares.settings import Counting


@pytest.fixture
def bench(tmp_path, composer):
    def make(rows, gold, of_gold, *overrides):
        corpus = read_corpus([write_lines(tmp_path / "stance.jsonl", rows)])
        write_lines(tmp_path / "gold.jsonl", gold)
        of_gold = read_corpus([write_lines(tmp_path / "gold_stance.jsonl", of_gold)])
        settings = composer.settings(
            "chart_stance",
            "predictions=[x]",
            "gold=y",
            f"output={tmp_path / 'z'}",
            "draws=4000",
            *overrides,
        )
        with meter(Console(quiet=True), "x", "y") as shown:
            articles = describe_articles(corpus, settings.period, settings.near_duplicates, shown)
        audit = read_audit(tmp_path / "gold.jsonl", of_gold)
        view = View(settings.among, settings.least_probability)
        return Workbench(corpus, articles, audit, settings, view)

    return make


def found_in(bench):
    with meter(Console(quiet=True), "x", "y") as shown:
        return list(bench.cells([Counting.events], all_voices(bench), shown))


def by_place(found, voice=None):
    return {(one.cell.outlet, one.cell.period): one for one in found if one.cell.voice == voice}


def test_the_shares_of_each_cell_are_found(bench):
    cells = by_place(found_in(bench(made_news(), *made_gold())))
    for place, truth in (
        (("Gazette", "2024-01"), (0.5, 0.1)),
        (("Gazette", "2024-03"), (0.1, 0.6)),
        (("النشرة", "2024-03"), (0.3, 0.2)),
    ):
        estimate = next(v for k, v in cells[place].estimates.items() if k.value == "posterior")
        for i in (0, 1):
            assert estimate.low[i] < truth[i] < estimate.high[i], place


def test_the_outlet_that_turned_is_told_and_the_other_is_not(bench):
    made = bench(made_news(), *made_gold())
    changes = [row for row in made.changes(found_in(made)) if row["outlet"] is not None]
    verdicts = {
        (row["outlet"], row["stance"], row["before"], row["period"]): row["verdict"]
        for row in changes
    }
    assert verdicts == {
        ("Gazette", "favor", "2024-01", "2024-02"): "cannot say",
        ("Gazette", "against", "2024-01", "2024-02"): "cannot say",
        ("Gazette", "favor", "2024-02", "2024-03"): "fell",
        ("Gazette", "against", "2024-02", "2024-03"): "rose",
        ("النشرة", "favor", "2024-01", "2024-03"): "cannot say",
        ("النشرة", "against", "2024-01", "2024-03"): "cannot say",
    }
    assert all(row["p_adjusted"] >= row["p"] for row in changes)


def test_a_cell_with_few_articles_has_counts_and_no_share(bench):
    few = [record(f"few{i}", "favor", source="Post", published="2024-05-01") for i in range(9)]
    made = bench([*made_news(), *few], *made_gold())
    found = by_place(found_in(made))["Post", "2024-05"]
    assert found.reason == TOO_FEW
    favor = made.rows(found)[0]
    assert (favor["articles"], favor["sentences"], favor["called"]) == (9, 9, 9)
    assert {favor[name] for name in ("share", "low", "naive", "posterior")} == {None}
    assert favor["reason"] == TOO_FEW


def test_copies_do_not_make_a_cell_large_enough(bench):
    text = "The very same words about the talks on a ceasefire in every one of these articles."
    copies = [record(f"copy{i}", "favor", text, source="Post") for i in range(50)]
    found = by_place(found_in(bench([*made_news(), *copies], *made_gold())))["Post", None]
    assert found.reason == TOO_FEW
    assert found.articles == 1


def test_a_class_that_gold_lacks_leaves_the_naive_share(bench):
    gold, of_gold = made_gold()
    gold = [row for row in gold if row[TARGET] != "against"]
    made = bench(made_news(), gold, of_gold)
    found = by_place(found_in(made))["Gazette", "2024-01"]
    row = made.rows(found)[1]
    assert row["share"] is None
    assert row["naive"] is not None
    assert row["reason"] == "gold: 0 of against, expected 10"


def test_a_language_with_little_gold_takes_the_error_rates_of_all_and_says_so(bench):
    gold, of_gold = made_gold()
    rows = [row | {"lang": "ar"} for row in made_news()]
    found = by_place(found_in(bench(rows, gold, of_gold)))["Gazette", "2024-01"]
    assert found.scope.name == ALL_LANGUAGES
    found = by_place(found_in(bench(made_news(), gold, of_gold)))["Gazette", "2024-01"]
    assert found.scope.name == "en"


def test_each_voice_has_cells_and_gold_of_its_own(bench):
    rows = [
        row | {"stance": {TARGET: row["stance"][TARGET] | {"voice": "author"}}}
        if row["stance"][TARGET]["label"] == "favor"
        else row
        for row in made_news()
    ]
    found = found_in(bench(rows, *made_gold()))
    author = by_place(found, "author")["Gazette", "2024-01"]
    assert (author.sample.predicted == 0).all()
    assert author.reason == "gold: 0 of favor, 0 of against, 0 of none, expected 10"
    reported = by_place(found, "reported")["Gazette", "2024-01"]
    assert reported.scope.name == "en"
    everything = by_place(found)["Gazette", "2024-01"]
    assert len(author.places) < len(everything.places)


def test_shares_of_all_sentences_tell_neutral_from_unrelated(bench):
    made = bench(made_news(), *made_gold(1500), "among=all")
    found = by_place(found_in(made))["Gazette", "2024-01"]
    rows = made.rows(found)
    assert [row["stance"] for row in rows] == ["favor", "against", "neutral", "unrelated"]
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-4)


def test_another_cell_does_not_change_the_draws_of_a_cell(bench):
    first = by_place(found_in(bench(made_news(), *made_gold())))["Gazette", "2024-01"]
    more = [record("more", "favor", "Quite another text.", source="Post")]
    second = by_place(found_in(bench([*made_news(), *more], *made_gold())))["Gazette", "2024-01"]
    for kind, estimate in first.estimates.items():
        assert estimate.shares.tolist() == second.estimates[kind].shares.tolist()
