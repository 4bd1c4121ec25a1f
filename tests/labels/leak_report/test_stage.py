"""Wire copies planted among articles: none crosses from train to what is scored."""

import json
from collections import Counter

import numpy as np
import pytest

from labels.ingest.duplicates import group_near_duplicates, sketch_of
from labels.pipeline.errors import DataError
from labels.pipeline.tables import read_table, write_table
from tests.labels.split.conftest import article, label, sentence

VOCABULARY = [f"word{i}" for i in range(2_000)]
ORIGINALS, COPIES, SENTENCES, WORDS = 400, 120, 8, 14  # articles, of them copied; of an article
OUTLETS, DAYS = 25, 300


class Planted:
    """Articles of random words, some copied by other outlets on other days, all of them gold."""

    def __init__(self, changed, part, seed=1):
        """Copy articles, with a share of the words changed, in whole or a part in another one."""
        rng = np.random.default_rng(seed)
        self.texts = {f"o{i}": self._sentences(rng, SENTENCES) for i in range(ORIGINALS)}
        self.origin = {}  # of each copied sentence
        for i in range(COPIES):
            source = self.texts[f"o{i}"]
            kept = source if part == SENTENCES else source[2 : 2 + part]
            own = self._sentences(rng, SENTENCES - part)
            self.texts[f"c{i}"] = [self._edit(rng, text, changed) for text in kept] + own
            first = 0 if part == SENTENCES else 2
            self.origin |= {f"c{i}#{j}": f"o{i}#{first + j}" for j in range(part)}
        self.outlets = {key: f"outlet {rng.integers(OUTLETS)}" for key in self.texts}
        self.days = {key: int(rng.integers(DAYS)) for key in self.texts}

    def _sentences(self, rng, count):
        return [" ".join(rng.choice(VOCABULARY, WORDS)) for _ in range(count)]

    def _edit(self, rng, text, changed):
        words = text.split()
        for place in rng.choice(WORDS, round(changed * WORDS), replace=False):
            words[place] = str(rng.choice(VOCABULARY))
        return " ".join(words)

    def write(self, root, near):
        """Write the tables that split_examples reads, grouped as ingest_articles groups."""
        sketches = ((key, sketch_of("\n".join(text), near)) for key, text in self.texts.items())
        groups = group_near_duplicates(sketches, near)
        articles = [
            article(
                key,
                groups[key],
                source=self.outlets[key],
                published=str(np.datetime64("2024-01-01") + self.days[key]),
            )
            for key in self.texts
        ]
        sentences = [
            sentence(f"{key}#{i}", key, text)
            for key, texts in self.texts.items()
            for i, text in enumerate(texts)
        ]
        stances = ("favor", "against", "neutral", "unrelated")
        labels = [
            label(row["sentence_id"], stance=stances[i % 4]) for i, row in enumerate(sentences)
        ]
        write_table(root / "articles.parquet", "articles", articles)
        write_table(root / "sentences.parquet", "sentences", sentences)
        write_table(root / "labels" / "labels.parquet", "labels", labels)
        write_table(root / "labels" / "sentiments.parquet", "sentiments", [])
        write_table(root / "mentions.parquet", "mentions", [])
        return [
            f"articles={root / 'articles.parquet'}",
            f"sentences={root / 'sentences.parquet'}",
            f"labels={root / 'labels'}",
            f"mentions={root / 'mentions.parquet'}",
            f"output={root / 'splits'}",
            "scored_only=[]",
        ]

    def crossing(self, rows):
        """Count the copied sentences whose original is in another split."""
        split_of = {row["sentence_id"]: row["split"] for row in rows}
        return sum(
            copy in split_of and origin in split_of and split_of[copy] != split_of[origin]
            for copy, origin in self.origin.items()
        )


WAYS = {
    "grouped": ["kind=grouped", "latest=0"],
    "grouped and latest": ["kind=grouped", "latest=0.1"],
    "article": ["kind=article"],
    "outlet": ["kind=outlet"],
    "time": ["kind=time"],
}
PLANTED = {  # share of the words changed, sentences copied
    "a whole copy": (0.0, SENTENCES),
    "a copy, 1 word in 14 changed": (1 / WORDS, SENTENCES),
    "two sentences of it in another article": (0.0, 2),
}


@pytest.fixture
def near(composer):
    return composer.settings("ingest_articles").near_duplicates


@pytest.mark.parametrize("how", PLANTED)
@pytest.mark.parametrize("way", WAYS)
def test_a_planted_wire_copy_never_crosses(tmp_path, composer, near, way, how):
    planted = Planted(*PLANTED[how])
    paths = planted.write(tmp_path, near)
    composer.run("split_examples", *paths, *WAYS[way])
    rows = read_table(tmp_path / "splits" / "splits.parquet", "splits")
    assert planted.crossing(rows) == 0
    assert min(Counter(row["split"] for row in rows).values()) > 150
    report = tmp_path / "leaks.json"
    table = tmp_path / "splits" / "splits.parquet"
    composer.run("check_splits", f"splits={table}", f"output={report}")
    assert json.loads(report.read_text(encoding="utf-8"))["leaks"] == 0


def test_the_newest_are_scored_where_there_are_dates_and_nothing_that_late_trains(
    tmp_path, composer, near
):
    paths = Planted(0.0, SENTENCES).write(tmp_path, near)
    composer.run("split_examples", *paths, "latest=0.1")
    table = tmp_path / "splits" / "splits.parquet"
    composer.run("check_splits", f"splits={table}", f"output={tmp_path / 'leaks.json'}")
    splits = json.loads((tmp_path / "leaks.json").read_text(encoding="utf-8"))["splits"]
    gold = (ORIGINALS + COPIES) * SENTENCES
    for split in ("dev", "test"):
        # 5% of the gold, up to the groups that are whole and the copies of an earlier day
        assert 0.03 * gold < splits[split]["later"] < 0.06 * gold
        assert splits[split]["sentences"] > 0.11 * gold


def test_copies_that_files_part_are_told_and_named(tmp_path, composer, near):
    paths = Planted(1 / WORDS, SENTENCES).write(tmp_path, near)
    dev = tmp_path / "dev.jsonl"
    dev.write_text('{"id": "o0"}\n{"id": "o399"}\n', encoding="utf-8")  # of o0 there is a copy
    # one word of each sentence is changed, so that none shares all with its original
    composer.run("split_examples", *paths, "kind=fixed", f"+fixed.dev=[{dev}]", "max_shared=1")
    table, report = tmp_path / "splits" / "splits.parquet", tmp_path / "leaks.json"
    with pytest.raises(DataError, match=r"such as groups: train c0 and dev c0"):
        composer.run(
            "check_splits",
            f"splits={table}",
            f"output={report}",
            "near_duplicates.threshold=0.9",
            "shown=100",
        )
    found = json.loads(report.read_text(encoding="utf-8"))["found"]
    named = {(leak["first"], leak["second"]) for leak in found if leak["kind"] == "overlaps"}
    assert named == {(f"train c0#{i}", f"dev o0#{i}") for i in range(SENTENCES)}
    assert Counter(leak["kind"] for leak in found) == {"groups": 1, "overlaps": SENTENCES}


@pytest.mark.simulation
@pytest.mark.parametrize("way", WAYS)
def test_how_much_editing_hides_a_copy(tmp_path, composer, near, way):
    """Print how many copied sentences cross as more of their words are changed."""
    found = {}
    for words in range(6):
        planted = Planted(words / WORDS, SENTENCES)
        root = tmp_path / str(words)
        composer.run("split_examples", *planted.write(root, near), *WAYS[way])
        rows = read_table(root / "splits" / "splits.parquet", "splits")
        kept = {row["sentence_id"] for row in rows}
        both = sum({copy, origin} <= kept for copy, origin in planted.origin.items())
        found[words] = f"{planted.crossing(rows)} of {both}"
        assert words > 1 or planted.crossing(rows) == 0
    print(way, found)  # noqa: T201 - the figures of docs/splits.md
