import csv
import json
import re

import pyarrow.parquet as pq
import pytest

from labels.pipeline.errors import ConfigError, DataError
from tests.training.shares.conftest import TARGET, made_gold, made_news, record, write_lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory, composer, overrides):
    output = tmp_path_factory.mktemp("out") / "shares"
    composer.run("chart_stance", *overrides, f"output={output}", "thresholds=[0.6]")
    return output


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_both_forms_of_a_table_hold_the_same(folder):
    for name in ("shares", "changes", "sensitivity"):
        rows = table(folder, name)
        assert rows
        written = pq.read_table(folder / f"{name}.parquet").to_pylist()
        assert [row["cell"] for row in rows] == [row["cell"] for row in written]
        assert [row["outlet"] or None for row in rows] == [row["outlet"] for row in written]


def test_the_cells_are_those_of_outlets_months_and_both_countings(folder):
    rows = [row for row in table(folder, "shares") if not row["voice"] and row["stance"] == "favor"]
    found = {(row["counting"], row["outlet"], row["period"]) for row in rows}
    places = {(row["source"], row["published"][:7]) for row in made_news()}
    places |= {(None, month) for _, month in places}
    places |= {(outlet, None) for outlet, _ in places}
    assert found == {
        (counting, outlet or "", month or "")
        for counting in ("articles", "events")
        for outlet, month in places
    }


def test_pictures_and_page_show_what_was_found_and_fetch_nothing(folder):
    for name in ("outlets", "time"):
        svg = (folder / f"{name}.{TARGET}.svg").read_text(encoding="utf-8")
        assert svg.startswith("<svg")
        assert "النشرة" in svg
        assert "evidence/" in svg
        assert (folder / f"{name}.{TARGET}.png").read_bytes().startswith(b"\x89PNG")
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "Gazette (en): against gaza_ceasefire rose from 2024-02 to 2024-03" in page
    mixed = (
        r"\(all outlets\) \(en\): against gaza_ceasefire rose from 2024-02 to 2024-03, .* The mix"
    )
    assert re.search(mixed + " of outlets is another in 50% of its sentences", page)
    text = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:|//)""", text)


def test_every_share_leads_to_its_sentences(folder):
    linked = set(re.findall(r"evidence/(\w+)\.html", (folder / "index.html").read_text("utf-8")))
    pages = {path.stem for path in (folder / "evidence").iterdir()}
    told = {row["cell"] for row in table(folder, "shares") if row["share"] and not row["voice"]}
    assert linked == pages == told
    for cell in linked:
        page = (folder / "evidence" / f"{cell}.html").read_text("utf-8")
        assert 'class="against"' in page
        assert 'href="https://news.example/' in page


def test_tasks_are_sentences_of_the_cell(folder):
    tasks = [json.loads(line) for line in (folder / "tasks.jsonl").read_text("utf-8").splitlines()]
    assert tasks
    news = {row["sentence_id"]: row["text"] for row in made_news()}
    assert all(news[task["sentence_id"]] == task["text"] for task in tasks)
    assert len({task["sentence_id"] for task in tasks}) == len(tasks)
    assert {(task["lang"], task["target"]) for task in tasks} == {("en", TARGET)}


def test_counts_add_up(folder):
    account = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    assert account["sentences"] == len(made_news())
    assert account["articles"] == account["events"] == 300
    assert account["gold"] == {"rows": 600, "used": 600, "rejects": 0, "unmatched": 0}
    cells = {(row["counting"], row["cell"]) for row in table(folder, "shares")}
    assert account["cells"] == len(cells)


def test_the_same_inputs_give_the_same_bytes(folder, tmp_path, composer, overrides):
    composer.run("chart_stance", *overrides, f"output={tmp_path / 'again'}", "thresholds=[0.6]")
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(folder)).read_bytes()


@pytest.fixture
def chart(tmp_path, composer):
    """Run on some records and gold; return the folder."""

    def run(rows, gold, of_gold, *changes):
        write_lines(tmp_path / "stance.jsonl", rows)
        write_lines(tmp_path / "gold.jsonl", gold)
        write_lines(tmp_path / "gold_stance.jsonl", of_gold)
        composer.run(
            "chart_stance",
            f"predictions={tmp_path / 'stance.jsonl'}",
            f"gold={tmp_path / 'gold.jsonl'}",
            f"gold_predictions={tmp_path / 'gold_stance.jsonl'}",
            f"output={tmp_path / 'shares'}",
            "draws=1000",
            "thresholds=[]",
            *changes,
        )
        return tmp_path / "shares"

    return run


def test_one_row_is_too_few_to_say_and_no_error(chart, capsys):
    folder = chart([record(1, "favor")], *made_gold(200))
    assert {row["reason"] for row in table(folder, "shares")} == {"too few to say"}
    assert not (folder / f"time.{TARGET}.svg").exists()
    assert "No cell has an estimate" in (folder / "index.html").read_text(encoding="utf-8")
    # all outlets and the unnamed one, all voices and the reported one, both countings
    assert "8 have fewer than 10 articles or events" in capsys.readouterr().out


def test_without_dates_there_is_the_whole_time_alone(chart, capsys):
    rows = [{k: v for k, v in row.items() if k != "published"} for row in made_news()]
    folder = chart(rows, *made_gold(200))
    assert {row["period"] for row in table(folder, "shares")} == {""}
    assert (folder / f"outlets.{TARGET}.svg").exists()
    assert "300 articles have no sure date" in capsys.readouterr().out


def test_weeks_of_which_one_has_articles(chart):
    rows = [row | {"published": "2024-02-29"} for row in made_news()]
    folder = chart(rows, *made_gold(200), "period=week")
    assert {row["period"] for row in table(folder, "shares")} == {"", "2024-W09"}
    assert table(folder, "changes") == []
    assert (folder / f"time.{TARGET}.png").exists()


def test_hostile_outlets_and_titles_are_escaped_on_the_page(chart):
    evil = "</script><script>alert(1)</script>"
    rows = [row | {"source": evil, "title": evil} for row in made_news()]
    page = (chart(rows, *made_gold(200)) / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert page.count("<script>") == page.count("</script>") == 2


def test_outlets_that_are_not_named_are_one_and_told(chart, capsys):
    rows = [{k: v for k, v in row.items() if k != "source"} for row in made_news()]
    folder = chart(rows, *made_gold(200))
    assert {row["outlet"] for row in table(folder, "shares")} == {"", "(no outlet named)"}
    assert "300 articles name no outlet" in capsys.readouterr().out


def test_another_seed_is_compared_cell_by_cell(chart, tmp_path, capsys):
    news, (gold, of_gold) = made_news(), made_gold(400)
    other = write_lines(tmp_path / "seed2.jsonl", news)
    other_gold = write_lines(tmp_path / "gold2.jsonl", of_gold)
    folder = chart(
        news, gold, of_gold, f"other_seeds=[{other}]", f"other_seeds_gold=[{other_gold}]"
    )
    rows = table(folder, "sensitivity")
    assert {(row["varied"], row["value"]) for row in rows} == {("seed", "seed2.jsonl")}
    assert "Another seed moves a share of favor or against by 0.0 points" in capsys.readouterr().out
    write_lines(other, news[1:])
    with pytest.raises(DataError, match="seed2.jsonl: expected predictions for the sentences of"):
        chart(news, gold, of_gold, f"other_seeds=[{other}]", f"other_seeds_gold=[{other_gold}]")


def test_gold_predictions_of_another_model_are_refused(chart, tmp_path):
    for name, model in (("stance", "a" * 64), ("gold_stance", "b" * 64)):
        path = tmp_path / f"{name}.jsonl.meta.json"
        path.write_text(json.dumps({"export_hash": model}), encoding="utf-8")
    with pytest.raises(DataError, match="expected predictions by the model of .*export aaaa"):
        chart(made_news(), *made_gold(200))


def test_without_gold_shares_are_as_the_model_says(tmp_path, composer, inputs):
    composer.run(
        "chart_stance",
        f"predictions={inputs / 'stance.jsonl'}",
        "estimator=naive",
        "thresholds=[]",
        f"output={tmp_path / 'shares'}",
    )
    rows = table(tmp_path / "shares", "shares")
    assert all(row["share"] == row["naive"] for row in rows)
    assert {row["posterior"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["gold=null", "gold_predictions=null"], "gold: expected a file of gold labels"),
        (["gold=null", "estimator=naive"], "gold_predictions: expected none without gold"),
        (["other_seeds=[a]"], "other_seeds_gold: expected 1 files"),
        (["other_seeds_gold=[a]"], "other_seeds_gold: expected 0 files"),
        (["thresholds=[1.5]"], "thresholds: expected"),
    ],
)
def test_settings_that_do_not_go_together_are_told(composer, overrides, tmp_path, changes, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("chart_stance", *overrides, f"output={tmp_path / 'x'}", *changes)


def test_a_folder_of_something_else_is_not_replaced(composer, overrides, tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(ConfigError, match="output: expected a new folder or one of chart_stance"):
        composer.settings("chart_stance", *overrides, f"output={tmp_path}")


def test_a_cell_to_label_that_is_not_there_is_told(chart):
    with pytest.raises(ConfigError, match="label_cell: expected the cell of a row"):
        chart(made_news(), *made_gold(200), "label_cell=nothing")
