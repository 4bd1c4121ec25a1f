import json

import pytest

from labels.ingest import stage
from labels.ingest.clean.boilerplate import Boilerplate
from labels.pipeline.errors import ConfigError
from labels.pipeline.tables import read_table

WIRE = (
    "The harbour of the small town was closed on Monday after a crane fell into the water,"
    " and the mayor said that divers would need at least three days to lift it again."
)


@pytest.fixture
def ingest(tmp_path, composer):
    """Write rows to a file, run the stage on it, and return articles, rejects and counts."""

    def run(rows, unit="article", *overrides):
        (tmp_path / "in").mkdir(exist_ok=True)
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / "in" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
        out = tmp_path / "out"
        near = ("near_duplicates.threshold=0.5", "near_duplicates.permutations=64")
        composer.run(
            "ingest_articles",
            f"input={tmp_path / 'in'}",
            f"output={out}",
            f"unit={unit}",
            *near,
            *overrides,
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


def test_what_was_removed_stands_in_a_table_with_its_place(ingest, tmp_path):
    text = f"Crane falls\n{WIRE}\nAdvertisement"
    post = "**Мост открыт сегодня утром**\n\nРабочие ушли домой.\n\nПодписаться"
    rows = [
        {"id": "b", "title": "Crane falls", "text": text},
        {"id": "p", "lang": "ru", "title": post, "text": ""},
    ]
    _, _, report = ingest(rows)
    removed = read_table(tmp_path / "out" / "removed.parquet", "removed")
    found = [(row["article_id"], row["field"], row["kind"], row["text"]) for row in removed]
    assert found == [
        ("b", "text", "doubled_title", "Crane falls"),
        ("b", "text", "advertisement", "Advertisement"),
        ("p", "title", "promotion", "Подписаться"),
    ]
    for row, own in zip(removed, (text, text, post), strict=True):
        assert own[row["start"] : row["end"]] == row["text"]
        assert row["rule"]
    assert sum(report["removed_by_rule"].values()) == 3
    assert report["removed_by_rule"]["doubled_title"] == 1


def test_what_was_understood_in_part_is_counted(ingest):
    broken = "Министр заявил, что переговоры были полезными.".encode().decode("latin-1")
    rows = [{"id": n, "lang": "ru", "text": broken} for n in range(3)]
    _, _, report = ingest(rows)
    assert report["noted"]["mended_encoding"] == {"text": 3}


def test_garbled_text_that_cannot_be_mended_is_a_reject(ingest):
    _, rejects, report = ingest([{"id": "x", "lang": "ru", "text": "\ufffd\ufffd\ufffd а " * 30}])
    assert report["rejects_by_reason"] == {"wrong_code_page": 1}
    assert "a.jsonl:1: expected text that can be mended" in rejects[0]["message"]


def test_columns_of_other_names_are_read_by_setting(ingest):
    rows = [{"no": 1, "lang": "en", "isi_berita": WIRE}]
    articles, _, _ = ingest(rows, "article", "fields={text: isi_berita}", "source=Harian Senja")
    assert articles[0]["text"] == WIRE
    assert articles[0]["source"] == "Harian Senja"


def other_stories(n):
    """Tell of ten things in n towns; no two stories share a run of three words."""
    things = "rain snow wind fog heat frost hail mud dust smoke".split()
    syllables = "ba de gi lo mu na re si to vu".split()

    def town(number, place):
        return "".join(syllables[int(digit)] for digit in f"{number:03}{place}").capitalize()

    return [
        "\n".join(
            f"The {thing} of {town(number, place)} came over {town(place, number % 10)} at night."
            for place, thing in enumerate(things)
        )
        for number in range(n)
    ]


def test_what_recurs_in_a_source_is_left_out_and_kept_for_later(ingest, tmp_path):
    ending = "Senja, kabar dari pelabuhan, edisi"
    rows = [
        {"id": n, "lang": "en", "source": "Senja", "text": f"{story}\n{ending} {n}"}
        for n, story in enumerate(other_stories(6))
    ]
    articles, _, report = ingest(rows)
    assert all("kabar" not in row["text"] for row in articles)
    piece = {"text": f"{ending} 0", "articles": 6, "share": 1.0}
    assert report["boilerplate"] == {"removed": 6, "sources": {"Senja": [piece]}}
    assert Boilerplate.read(tmp_path / "out" / "boilerplate.json").holds("Senja", f"{ending} 99")
    removed = read_table(tmp_path / "out" / "removed.parquet", "removed")
    assert [(row["rule"], row["text"]) for row in removed] == [
        ("recurrence", f"{ending} {n}") for n in range(6)
    ]
    kept, _, report = ingest(rows, "article", "boilerplate.learn=false")
    assert all("kabar" in row["text"] for row in kept)
    assert report["boilerplate"] == {"removed": 0, "sources": {}}


def test_what_recurs_in_near_duplicates_alone_stays(ingest):
    ending = "Nobody was hurt, the mayor said."
    story, *others = other_stories(7)
    texts = [f"{story}\nUpdate {n}.\n{ending}" for n in range(6)]
    rows = [
        {"id": n, "lang": "en", "source": "Senja", "text": text}
        for n, text in enumerate([*texts, *others])
    ]
    articles, _, report = ingest(rows)
    assert report["boilerplate"] == {"removed": 0, "sources": {}}
    assert all(ending in row["text"] for row in articles[:6])


def test_any_number_of_processes_writes_the_same_bytes(ingest, tmp_path):
    rows = [
        {"id": n % 190, "lang": "en", "text": f"{story}\nRead by {n} people", "source": f"S{n % 3}"}
        for n, story in enumerate(other_stories(200))
    ]
    rows[70] = "{"

    def written(processes):
        ingest(rows, "article", f"processes={processes}")
        return {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    one = written(1)
    assert len(one) == 5
    assert written(2) == one
    assert written(5) == one
    assert json.loads(one["ingest.json"])["boilerplate"]["removed"] == 189
    assert [
        row["reason"] for row in read_table(tmp_path / "out" / "rejects.parquet", "rejects")
    ] == [
        "broken_json",
        *["duplicate_id"] * 10,
    ]


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
        "boilerplate.json",
        "ingest.json",
        "rejects.parquet",
        "removed.parquet",
    ]


def test_an_input_that_is_not_there_is_named_before_anything_is_written(tmp_path, composer):
    with pytest.raises(ConfigError, match=r"input: .*none: no such file or folder"):
        composer.run("ingest_articles", f"input={tmp_path / 'none'}", f"output={tmp_path / 'out'}")
    assert not (tmp_path / "out").exists()
