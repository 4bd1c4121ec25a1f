import json

import pytest

from labels.ingest import stage
from labels.pipeline.errors import ConfigError
from labels.pipeline.tables import read_table

WIRE = (
    "The harbour of the small town was closed on Monday after a crane fell into the water,"
    " and the mayor said that divers would need at least three days to lift it again."
)


@pytest.fixture
def ingest(tmp_path, composer):
    """Write rows to a file, run the stage on it, and return articles, rejects and counts."""

    def run(rows, unit="article"):
        (tmp_path / "in").mkdir(exist_ok=True)
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / "in" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
        out = tmp_path / "out"
        near = ("near_duplicates.threshold=0.5", "near_duplicates.permutations=64")
        composer.run(
            "ingest_articles", f"input={tmp_path / 'in'}", f"output={out}", f"unit={unit}", *near
        )
        articles = read_table(out / "articles.parquet", "articles")
        rejects = read_table(out / "rejects.parquet", "rejects")
        return articles, rejects, json.loads((out / "ingest.json").read_text(encoding="utf-8"))

    return run


def test_every_input_is_an_article_or_a_counted_reject(ingest):
    rows = [
        {"id": "b", "title": "Crane falls", "text": f"Crane falls\n{WIRE}\nAdvertisement"},
        {"id": "a", "text": f"{WIRE} Nobody was hurt."},
        {"id": "t", "title": "Only a headline about the harbour", "date": "3/4/2025"},
        {"id": "d", "text": "The talks in the capital ended late.", "date": "12/31/2024"},
        {"id": "b", "text": "The same id once more, with another text."},
        {"id": "n", "title": " "},
        {
            "id": "f",
            "text": "Le ministre a déclaré lundi que les discussions avaient été très utiles.",
        },
        "{",
    ]
    articles, rejects, report = ingest(rows)
    by_id = {row["article_id"]: row for row in articles}
    assert list(by_id) == ["b", "a", "t", "d"]
    assert by_id["b"]["text"] == WIRE
    assert by_id["b"]["group_id"] == by_id["a"]["group_id"] == "a"
    assert by_id["d"]["group_id"] == "d"
    assert by_id["t"]["published"] == "2025-03-04"
    assert by_id["t"]["blocks"] == []
    assert [row["reason"] for row in rejects] == [
        "duplicate_id",
        "no_text",
        "unknown_language",
        "broken_json",
    ]
    assert (report["inputs"], report["articles"], report["rejects"]) == (8, 4, 4)
    assert report["removed_by_language_and_kind"]["en"] == {"advertisement": 1, "doubled_title": 1}


def test_stored_blocks_cover_the_stored_text(ingest):
    articles, _, _ = ingest([{"id": "x", "text": f"\u202b{WIRE}\x00\n\n \nSecond part."}])
    text, blocks = articles[0]["text"], articles[0]["blocks"]
    assert [text[block["start"] : block["end"]] for block in blocks] == [WIRE, "Second part."]


def test_mojibake_is_mended_in_the_store_and_counted(ingest):
    broken = "Министр заявил, что переговоры были полезными.".encode().decode("latin-1")
    articles, _, report = ingest([{"id": "x", "lang": "ru", "text": broken}])
    assert articles[0]["text"] == "Министр заявил, что переговоры были полезными."
    assert report["repaired_mojibake"] == 1


def test_sentences_stay_as_they_are_and_keep_their_article_as_group(ingest):
    text = " Baca juga: \u200fdua  spasi (abc/def)"
    rows = [{"id": "s1", "text": text, "lang": "id", "article_id": "k"}]
    articles, _, _ = ingest(rows, "sentence")
    assert articles[0]["text"] == text
    assert articles[0]["blocks"] == [{"start": 0, "end": len(text), "kind": "body"}]
    assert articles[0]["group_id"] == "article:k"


def test_a_post_in_the_title_field_is_cleaned_as_a_text(ingest):
    title = "---\n**Мост открыт сегодня утром**\n\nРабочие ушли домой.\n\nПодписаться"
    articles, _, _ = ingest([{"id": "x", "lang": "ru", "title": title, "text": ""}])
    assert articles[0]["title"] is None
    assert articles[0]["text"] == "Мост открыт сегодня утром\nРабочие ушли домой."


def test_dates_follow_the_order_that_their_own_file_shows(tmp_path, composer):
    dates = {"month": ["3/4/2025", "12/31/2024"], "day": ["31/12/2024", "3/4/2025"]}
    for name, written in dates.items():
        rows = [
            {"id": f"{name} {n}", "lang": "en", "text": f"Day {n} of {name}.", "date": date}
            for n, date in enumerate([*written, "2/2/2025"])
        ]
        lines = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    composer.run(
        "ingest_articles",
        f"input=[{tmp_path / 'month.jsonl'},{tmp_path / 'day.jsonl'}]",
        f"output={tmp_path / 'out'}",
    )
    articles = read_table(tmp_path / "out" / "articles.parquet", "articles")
    assert [(row["article_id"], row["published"]) for row in articles] == [
        ("month 0", "2025-03-04"),
        ("month 1", "2024-12-31"),
        ("month 2", "2025-02-02"),
        ("day 0", "2024-12-31"),
        ("day 1", "2025-04-03"),
        ("day 2", "2025-02-02"),
    ]


def test_a_failure_leaves_the_old_tables_and_no_draft(ingest, tmp_path, monkeypatch):
    row = {"id": "a", "lang": "en", "text": WIRE}
    articles, _, _ = ingest([row])

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stage, "group_near_duplicates", fail)
    with pytest.raises(OSError, match="No space left"):
        ingest([row | {"id": "b"}, "{"])
    out = tmp_path / "out"
    assert read_table(out / "articles.parquet", "articles") == articles
    assert read_table(out / "rejects.parquet", "rejects") == []
    assert sorted(path.name for path in out.iterdir()) == [
        "articles.parquet",
        "ingest.json",
        "rejects.parquet",
    ]


def test_an_input_that_is_not_there_is_named_before_anything_is_written(tmp_path, composer):
    with pytest.raises(ConfigError, match=r"input: .*none: no such file or folder"):
        composer.run("ingest_articles", f"input={tmp_path / 'none'}", f"output={tmp_path / 'out'}")
    assert not (tmp_path / "out").exists()
