"""A small run of the pipeline, as write_report finds it: 48 articles in two languages."""

import csv
import json

import pytest

from labels.pipeline.files import write_json
from labels.pipeline.schema import SENTIMENTS, STANCES
from labels.pipeline.tables import write_table
from training.report.attribution import NO_ATTRIBUTION
from training.report.scores import summarize

SCRIPT = "<script>document.title = 'taken'</script>"
TITLES = [SCRIPT, None, '🕊 Talks & "quotes" <b>bold</b>', "x" * 10_000, ""]
TEXTS = {
    "en": "Moscow hailed the pact of day {}, <i>it said</i>.",
    "ar": "رحبت موسكو باتفاق اليوم {} في جدة.",
}
ROUNDS = 24  # articles of each language


def shares(classes, label, top=0.7):
    rest = (1 - top) / (len(classes) - 1)
    return [top if name == label else rest for name in classes]


class Small:
    """Rows of every table, in memory, so that a test may change some before they are written."""

    def __init__(self, split_row):
        self.splits, self.articles, self.labels, self.predictions = [], [], [], []
        for lang in TEXTS:
            for i in range(ROUNDS):
                self._add(f"{lang}{i}", lang, i, split_row)

    def _add(self, key, lang, i, split_row):
        gold = {"russia": STANCES[i % 4], "oic": STANCES[(i + 1) % 4]}
        tone = SENTIMENTS[i % 3]
        text = TEXTS[lang].format(i)
        row = split_row(
            key, text, "dev", gold, tone, lang=lang, source="<Gazette>", published="2024-03-01"
        )
        for stance in row["stances"]:
            if stance["label"] in STANCES[:2]:
                stance["holder"], stance["voice"] = text.split()[0 if lang == "en" else 1], "event"
        self.splits.append(row)
        train = split_row(f"t{key}", f"{text} Rain fell.", "train", gold, tone, lang=lang)
        self.splits.append(train)
        self.articles.append(
            {
                "article_id": row["article_id"],
                "title": TITLES[i % len(TITLES)],
                "text": text,
                "lang": lang,
                "published": None,
                "url": None,
                "source": "<Gazette>",
                "group_id": row["group_id"],
                "blocks": [],
            }
        )
        for stance in row["stances"]:
            self.labels.append(
                {name: stance[name] for name in ("target", "label", "origin", "holder", "voice")}
                | {f"p_{name}": stance[f"p_{name}"] for name in STANCES}
                | {"sentence_id": key, "annotator": "model:<b>reader</b>"}
            )
            self._predict(row, stance["target"], STANCES, stance["label"], i, stance)
        self._predict(row, "sentiment", SENTIMENTS, tone, i, None)

    def _predict(self, row, task, classes, gold, i, stance):
        wrong = classes[(classes.index(gold) + 1) % len(classes)]
        label = wrong if i % 3 == 2 else gold  # a third is wrong
        told = dict(NO_ATTRIBUTION)
        if stance and stance["holder"]:
            told |= {"gold_holder": stance["holder"], "holder": "x", "holder_right": i % 2 == 0}
            told |= {"gold_voice": "event", "voice": "event" if i % 3 else "reported"}
        self.predictions.append(
            {name: row[name] for name in ("sentence_id", "article_id", "group_id", "lang", "split")}
            | {"task": task, "gold": gold, "label": label}
            | {"probabilities": shares(classes, label, 0.6 + i / 100)}
            | told
        )

    def write(self, root, composer):
        """Write the files of a run, calibrated, and return what names them on a command line."""
        report = root / "report"
        write_table(root / "splits" / "splits.parquet", "splits", self.splits)
        counts = {"dropped": {"train_overlaps_held_out": 3, "odd": 1}, "groups_in_two_splits": 0}
        write_json(root / "splits" / "split.json", counts | {"splits": {}})
        write_table(root / "articles.parquet", "articles", self.articles)
        write_table(root / "labels.parquet", "labels", self.labels)
        write_table(report / "predictions.parquet", "predictions", self.predictions)
        model = {"backbone": "tiny", "classifier": "x", "best_epoch": 2, "train_sentences": 48}
        scores = summarize(self.predictions, [], seed=1, n_draws=20)
        write_json(report / "scores.json", {"model": model, "splits": {"dev": scores}})
        with (report / "history.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            names = ("f_polar_pooled", "macro_f1_pooled", "sentiment_macro_f1")
            writer.writerow(["epoch", "train_loss", *names])
            writer.writerows([[1, 0.9, 0.4, 0.5, ""], [2, 0.5, 0.6, 0.6, 0.7]])
        predictions = f"predictions={report / 'predictions.parquet'}"
        composer.run("calibrate_model", predictions, f"output={report}", "folds=4")
        return [
            f"report={report}",
            f"splits={root / 'splits' / 'splits.parquet'}",
            f"articles={root / 'articles.parquet'}",
            f"labels={root / 'labels.parquet'}",
            f"output={root / 'report.html'}",
            f"behaviour={root / 'behaviour.json'}",
            "least_rows=5",
            "least_groups=3",
            "scaled_folds=4",
            "bootstrap_draws=50",
            "threads=1",
            "errors=2",
        ]


@pytest.fixture
def small(split_row):
    return Small(split_row)


@pytest.fixture(scope="session")
def written(tmp_path_factory, split_row, composer, tiny_export):
    """Write a card of the small run once; return its folder and the page."""
    root = tmp_path_factory.mktemp("card")
    overrides = Small(split_row).write(root, composer)
    rates = [
        {"model": "exports/<i>", "capability": name, "lang": lang, "pairs": 30, "rate": 0.5}
        | {"low": 0.3, "high": 0.7}
        for name in ("negation", "all")
        for lang in ("ar", "all")
    ]
    (root / "behaviour.json").write_text(json.dumps({"rates": rates}), encoding="utf-8")
    (root / "oic.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    charts = f"charts=[{root / 'oic.svg'}]"
    composer.run("write_report", *overrides, f"export={tiny_export[1]}", charts, "errors=5")
    return root, (root / "report.html").read_text(encoding="utf-8")
