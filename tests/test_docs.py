"""The page on tables and records says what the code writes, no more and no less."""

import ast
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_origin, get_type_hints, is_typeddict

import pyarrow as pa
import pytest

from labels.alias_audit.records import AliasAudit, AliasError, JudgedSentence
from labels.annotator.audit.records import Audit
from labels.annotator.records import Annotation
from labels.inspection.records import FiredOn, Inspection
from labels.leak_report.records import Leaks
from labels.metrics.calibration_file import Calibration
from labels.metrics.f1 import Scores
from labels.metrics.records import Metrics
from labels.people.items import Answer, Item
from labels.people.stage import AnnotationReport
from labels.pipeline.schema import SENTIMENTS, STANCES, Reject
from labels.pipeline.tables import TABLES, read_table
from tests.conftest import TARGETS
from training.behaviour.records import Behaviour, FailedPair
from training.compare.records import Comparison
from training.contract.records import (
    ArticleSummary,
    Counts,
    LabelledSentence,
    Record,
    RemovedText,
    RewrittenText,
    Summary,
)
from training.drift.records import Drift
from training.experiments.runs import SCRIPTS, stage_of
from training.inference.shards.records import Finished, OfShards
from training.inference.speed.results import Speed
from training.label_errors.stage import ErrorsReport
from training.report.scores import Headline
from training.shares.records import Account, Change, LabelTask, Sensitivity, Share
from training.shares.simulation import Coverage

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
STAGES = sorted(path.stem for path in SCRIPTS.glob("*.py") if path.stem != "run_pipeline")
READERS = ("read_table", "iterate_table", "iterate_columns", "count_rows")


def sections(page):
    """Cut a page at its headings: heading -> what stands below it."""
    parts = re.split(r"^#+ (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows_of(text, first_column):
    """Read the rows of the Markdown table whose first column is headed so."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {first_column} |"):
            next(lines)
            break
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def described(heading, first_column="field"):
    """Read a section's table: name -> (type, meaning)."""
    rows = rows_of(sections(PAGE)[heading], first_column)
    assert rows, heading
    assert all(name.startswith("`") and meaning for name, _, meaning in rows), heading
    return {name.strip("`"): (kind, meaning) for name, kind, meaning in rows}


def named_in(cell):
    return re.findall(r"`([^`]+)`", cell)


OVERVIEW = {row[0].strip("`"): row[1:] for row in rows_of(PAGE, "table")}


def columns_of(fields, prefix=""):
    """Flatten a schema: ``blocks[].start`` is a field of the entries of a list."""
    for field in fields:
        name, kind = f"{prefix}{field.name}", field.type
        if pa.types.is_list(kind):
            yield name, "list"
            if pa.types.is_struct(kind.value_type):
                yield from columns_of(kind.value_type, f"{name}[].")
        elif pa.types.is_struct(kind):
            yield name, "mapping"
            yield from columns_of(kind, f"{name}.")
        elif pa.types.is_boolean(kind):
            yield name, "true or false"
        elif pa.types.is_integer(kind):
            yield name, "integer"
        else:
            yield name, "number" if pa.types.is_floating(kind) else "text"


def test_every_table_is_on_the_page_and_no_other():
    assert set(OVERVIEW) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_table_is_explained_with_its_type_and_in_order(table):
    found = [(name, kind) for name, (kind, _) in described(table, "column").items()]
    assert found == list(columns_of(TABLES[table].arrow_schema))


@pytest.mark.parametrize("table", TABLES)
def test_the_key_of_a_table_is_among_its_columns(table):
    _, key, _, _ = OVERVIEW[table]
    assert set(named_in(key)) <= set(TABLES[table])
    assert named_in(key) or table == "rejects"


def calls(folder, *functions):
    """List the calls of some functions in the modules of a folder: file, node."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in functions:
                yield path, node


def constants(arguments):
    return {node.value for node in arguments if isinstance(node, ast.Constant)}


def test_who_reads_a_table_are_the_stages_that_do():
    said = {(table, stage) for table, cells in OVERVIEW.items() for stage in named_in(cells[3])}
    done = {
        (table, stage)
        for stage in STAGES
        for _, call in calls(folder_of(stage), *READERS)
        for table in constants(call.args) & set(TABLES)
    }
    # a stage that reads back what it writes is no reader of another's work
    assert said == done - {("articles", "ingest_articles")}


def folder_of(stage):
    return ROOT.joinpath(*stage_of(stage).module.split(".")[:-1])


def test_every_reason_of_a_reject_is_explained():
    used = {
        reason
        for _, call in calls(ROOT / "labels", "rejected", "refused", "_Problem")
        for reason in constants(call.args[:2])
    }
    for _, call in calls(ROOT / "labels" / "annotator", "Problem"):
        used |= constants(call.args[:1])
    assert len(used) > 20
    said = [row[0].strip("`") for row in rows_of(sections(PAGE)["rejects"], "reason")]
    assert set(said) == used
    assert len(said) == len(used)


def test_every_error_of_the_service_is_explained_and_every_setting_named():
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    made = [call for _, call in calls(ROOT / "training" / "serve", "Problem")]
    used = {tuple(node.value for node in call.args[:2]) for call in made}
    said = [(int(status), code.strip("`")) for status, code, _ in rows_of(page, "status")]
    assert len(used) > 10
    assert set(said) == used
    assert len(said) == len(used)
    settings = {field.name for field in fields(stage_of("serve_model").settings)}
    assert settings <= set(re.findall(r"`(\w+)(?:: [^`]+)?`", page))


NEWS = "Moscow was praised for the treaty. The OIC welcomed the ceasefire in Gaza."


class Run:
    """The stages from raw files to a report, run on a few articles."""

    def __init__(self, root, composer, model):
        self.root = root
        work, report = root / "data" / "NAME", root / "reports" / "NAME"
        paths = [f"paths.work={work}", f"paths.report={report}", f"paths.data_dir={root}"]
        write_inputs(root)
        fixed = f"+fixed.dev=[{root / 'dev.jsonl'}]"
        light = [
            "runtime.threads=1",
            "runtime.precision=fp32",
            "bootstrap_draws=20",
            "target_gate=false",
        ]
        self.written = {}
        for stage, *overrides in (
            ("ingest_articles", f"input={root / 'raw'}"),
            ("segment_sentences",),
            ("vote_sentences",),
            ("label_sentences",),
            ("split_examples", "kind=fixed", fixed),
            ("score_model", f"model={model}", *light),
        ):
            before = self.files()
            composer.run(stage, *paths, *overrides)
            self.written[stage] = self.files() - before
        self.scores = json.loads((report / "scores.json").read_text(encoding="utf-8"))
        self.metrics = json.loads((report / "metrics.json").read_text(encoding="utf-8"))

    def files(self):
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*.parquet")}

    def tables(self):
        """Give the rows of every file that the page names, with the name of its table."""
        for table, cells in OVERVIEW.items():
            for file in named_in(cells[0]):
                yield table, read_table(self.root / file, table)

    def table(self, name):
        return next(rows for table, rows in self.tables() if table == name)


def write_inputs(root):
    """Write five articles and a broken line, four gold rows and a broken one, and a fixed dev."""
    articles = [
        {"id": f"a{i}", "lang": "en", "title": f"Headline {name}", "text": f"{NEWS} {name} said."}
        for i, name in enumerate(["Anna", "Boris", "Clara", "David"])
    ]
    articles.append({"id": "whole", "lang": "en", "text": f"{NEWS} Rain fell.\nAdvertisement"})
    articles[-1] |= {"published": "2024-03-01", "url": "https://gazette.example/1"}
    articles[-1] |= {"source": "Gazette"}
    gold = [
        {"article_id": f"a{i}", "text": "Moscow was praised for the treaty.", "oic": "unrelated"}
        | {"russia": "favor", "gaza_ceasefire": "unrelated", "sentiment": "positive"}
        | {"holder": {"russia": "author"}, "voice": {"russia": "author"}, "annotator": "person"}
        for i in range(4)
    ]
    (root / "raw").mkdir()
    for name, rows in (
        ("raw/news.jsonl", [*articles, "broken"]),
        ("gold.jsonl", [*gold, {"text": ""}]),
        ("dev.jsonl", [{"id": "a3"}]),
    ):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (root / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory, composer, tiny_export):
    return Run(tmp_path_factory.mktemp("run"), composer, tiny_export[0])


def test_every_table_lies_where_the_page_says_and_is_written_by_whom_it_says(run):
    for table, (files, _, writers, _) in OVERVIEW.items():
        for file in named_in(files):
            done = [stage for stage, written in run.written.items() if file in written]
            assert len(done) == 1, file
            assert done[0] in named_in(writers), table
        assert len(named_in(files)) == len(named_in(writers)), table
    named = {file for files, *_ in OVERVIEW.values() for file in named_in(files)}
    assert run.files() == named


def values_in(row, name):
    """Return the values that a row has in a column of the page."""
    head, dot, rest = name.partition(".")
    values = row[head.removesuffix("[]")]
    if not dot:
        return [values]
    entries = values if head.endswith("[]") else [values]
    return [entry[rest] for entry in entries if entry is not None]


def test_a_column_is_null_only_where_the_page_says_so(run):
    for table, rows in run.tables():
        assert rows, table
        for name, (_, meaning) in described(table, "column").items():
            is_null = any(value is None for row in rows for value in values_in(row, name))
            assert "null" in meaning or not is_null, (table, name)


def test_no_two_rows_have_the_same_key(run):
    for table, rows in run.tables():
        key = named_in(OVERVIEW[table][1])
        if key:
            assert len({tuple(row[name] for name in key) for row in rows}) == len(rows), table


def test_offsets_and_ids_are_as_the_page_says(run):
    articles = {row["article_id"]: row for row in run.table("articles")}
    sentences = {row["sentence_id"]: row for row in run.table("sentences")}
    for key, row in sentences.items():
        assert key == f"{row['article_id']}#{row['index']}"
        assert articles[row["article_id"]][row["field"]][row["start"] : row["end"]] == row["text"]
    spans = {
        sentences[row["sentence_id"]]["text"][row["start"] : row["end"]]
        for row in run.table("mentions")
    }
    assert spans == {"Moscow", "OIC", "ceasefire"}


PLACEHOLDERS = {"splits": "SPLIT", "languages": "LANG", "stance": "TARGET", "rankings": "SCHEME"}
PLACEHOLDERS |= {"gaps": "SCHEME.LANG", "tones": "TONE", "words": "LANG"}
PLACEHOLDERS |= {"models": "SIDE", "left_out": "SIDE"}


def has_scores(kind):
    return is_typeddict(kind) and get_type_hints(Scores).items() <= get_type_hints(kind).items()


def words_for(hint):
    """Say a type in the words of the page."""
    words = {str: "text", int: "integer", float: "number", bool: "true or false"}
    words |= {type(None): "null", Scores: "scores"}
    if hint in words:
        return words[hint]
    if get_origin(hint) is list:
        return "list"
    if get_origin(hint) is dict:
        return "mapping of scores" if has_scores(get_args(hint)[1]) else "mapping"
    return "mapping" if is_typeddict(hint) else " or ".join(map(words_for, get_args(hint)))


def fields_of(record, prefix="", without=()):
    """Flatten a record: name -> its type on the page, and whether it may be left out."""
    for name, hint in get_type_hints(record).items():
        if name in without:
            continue
        yield f"{prefix}{name}", (words_for(hint), name in record.__optional_keys__)
        inner, place = hint, f"{prefix}{name}."
        if get_origin(hint) is dict:
            kinds = [kind for kind in get_args(get_args(hint)[1]) if is_typeddict(kind)]
            (inner,) = kinds or get_args(hint)[1:]
            place += f"{PLACEHOLDERS.get(name)}."
        elif get_origin(hint) is list:
            (inner,), place = get_args(hint), f"{prefix}{name}[]."
        if is_typeddict(inner) and inner is not Scores:
            scores = get_type_hints(Scores) if has_scores(inner) else ()
            yield from fields_of(inner, place, scores)  # scores have a table of their own


@pytest.mark.parametrize(
    ("heading", "first_column", "record"),
    [
        ("OUTPUT", "field", Record),
        ("OUTPUT.articles.jsonl", "field", ArticleSummary),
        ("OUTPUT.removed.jsonl", "field", RemovedText),
        ("OUTPUT.texts.jsonl", "field", RewrittenText),
        ("OUTPUT.meta.json", "field", Summary),
        ("FOLDER/SHARD/shard.json", "field", Finished),
        ("FOLDER.meta.json", "field", OfShards),
        ("metrics.json", "field", Headline),
        ("scores.json", "field", Metrics),
        ("calibration.json", "field", Calibration),
        ("comparison.json", "field", Comparison),
        ("leaks.json", "field", Leaks),
        ("drift.json", "field", Drift),
        ("annotation.json", "field", Annotation),
        ("audit.json", "field", Audit),
        ("aliases.json", "field", AliasAudit),
        ("aliases_1.jsonl", "field", JudgedSentence),
        ("errors.jsonl", "field", AliasError),
        ("functions.json", "field", Inspection),
        ("fired_on.jsonl", "field", FiredOn),
        ("behaviour.json", "field", Behaviour),
        ("behaviour.failed.jsonl", "field", FailedPair),
        ("scores.json", "field of scores", Scores),
        ("inference_speed.json", "field", Speed),
        ("shares", "column", Share),
        ("changes", "column", Change),
        ("sensitivity", "column", Sensitivity),
        ("tasks.jsonl", "field", LabelTask),
        ("meta.json of shares", "field", Account),
        ("coverage", "column", Coverage),
        ("Sentences to label", "field", Item),
        ("answers.jsonl", "field", Answer),
        ("agreement.json", "field", AnnotationReport),
        ("label_errors.json", "field", ErrorsReport),
    ],
)
def test_every_field_of_a_record_is_explained_with_its_type(heading, first_column, record):
    found = {
        name: (kind, "left out" in meaning)
        for name, (kind, meaning) in described(heading, first_column).items()
    }
    assert found == dict(fields_of(record))


def test_a_line_of_an_export_s_program_is_explained_beside_the_record_that_it_shares():
    found = {
        name: (kind, "left out" in meaning)
        for name, (kind, meaning) in described("stance.py").items()
    }
    assert found == {name: kind for name, kind in fields_of(LabelledSentence) if "." not in name}


def test_the_scores_of_a_run_have_the_fields_of_the_page(run):
    known = set(described("scores.json"))
    split = run.scores["splits"]["dev"]
    scores = [split.pop(name) for name in ("pooled", "sentiment")]
    scores += split.pop("targets").values()
    languages = split.pop("languages")
    assert set(languages) == {"en"}
    scores += languages.values()
    named = {f"splits.SPLIT.{name}" for name in split}
    for name in ("target_gain", "target_swap", "attribution"):
        named |= {f"splits.SPLIT.{name}.{field}" for field in split[name]}
    assert named <= known
    assert known - named > {"model.backbone", "splits.SPLIT.pooled"}
    of_scores = {*described("scores.json", "field of scores"), "sentiment_macro_f1", "attribution"}
    assert all(set(found) <= of_scores for found in scores)
    assert set(run.metrics["dev"]) == set(described("metrics.json"))


def test_a_reject_beside_the_output_has_the_fields_of_the_table():
    names = list(get_type_hints(Reject))
    assert names == list(described("rejects", "column"))
    assert named_in(sections(PAGE)["OUTPUT.rejects.jsonl"])[:3] == names


@pytest.fixture(scope="module")
def output(tmp_path_factory, tiny_export, composer):
    """Label a record that has every field, a page and a broken line with a tiny model."""
    root = tmp_path_factory.mktemp("records")
    raw = root / "raw"
    raw.mkdir()
    text = f"{NEWS}\nRead more: the rain"
    record = {"id": 7, "lang": "en", "title": "Rain", "text": text, "source": "Gazette"}
    record |= {"url": "https://gazette.example/1", "published": "1 March 2024"}
    (raw / "a.jsonl").write_text(json.dumps(record) + "\nbroken\n", encoding="utf-8")
    paragraphs = "".join(f"<p>{NEWS} It was said on day {i} of the talks.</p>" for i in range(5))
    page = f"<html lang=en><h1>Talks</h1><article>{paragraphs}</article></html>"
    (raw / "b.html").write_text(page, encoding="utf-8")
    composer.run(
        "predict_stance", f"input={raw}", f"output={root / 'o'}", f"model={tiny_export[1]}"
    )
    return {
        suffix: [json.loads(line) for line in (root / f"o{suffix}").read_text("utf-8").splitlines()]
        for suffix in ("", ".rejects.jsonl", ".removed.jsonl", ".texts.jsonl", ".meta.json")
    }


COUNTED = {"probabilities", "rejects_by_reason", "removed_by_kind", "noted"}  # by name


OF_A_HOLDER = {f"stance.TARGET.holder.{name}" for name in ("start", "end", "text", "author")}


def names_in(value, prefix=""):
    """Flatten the fields of a JSON object; the entries of ``stance`` are called TARGET."""
    for name, inner in value.items():
        yield f"{prefix}{name}"
        if isinstance(inner, dict) and name == "stance":
            for answer in inner.values():
                yield from names_in(answer, f"{prefix}{name}.TARGET.")
        elif isinstance(inner, dict) and name not in COUNTED:
            yield from names_in(inner, f"{prefix}{name}.")


def test_a_real_record_has_the_fields_of_the_page(output):
    first, *_, of_page = output[""]
    left_out = {"posted", "parts", "stance.TARGET.abstained", "sentiment.abstained"}
    assert set(names_in(first)) | OF_A_HOLDER == set(described("OUTPUT")) - left_out
    optional = {"title", "source", "url", "published", *left_out, *OF_A_HOLDER}
    assert OF_A_HOLDER & set(names_in(first))
    assert set(described("OUTPUT")) - optional <= set(names_in(of_page)) <= set(described("OUTPUT"))
    assert (first["id"], first["sentence_id"], first["published"]) == (7, "7#0", "1 March 2024")
    assert list(first["stance"]) == list(TARGETS)
    assert list(first["stance"]["oic"]["probabilities"]) == list(STANCES)
    assert list(first["sentiment"]["probabilities"]) == list(SENTIMENTS)


def test_the_files_beside_the_output_have_the_fields_of_the_page(output):
    (reject,) = output[".rejects.jsonl"]
    assert set(reject) == set(described("rejects", "column"))
    assert reject["reason"] == "broken_json"
    (page,) = output[".texts.jsonl"]
    assert set(page) == set(described("OUTPUT.texts.jsonl"))
    last = output[""][-1]
    assert page["id"] == last["id"] == "b.html"
    assert page["text"][last["start"] : last["end"]] == last["text"]
    (summary,) = output[".meta.json"]
    assert set(names_in(summary)) == set(described("OUTPUT.meta.json"))
    counts = {"inputs": 3, "articles": 2, "rejects": 1, "sentences": len(output[""]), "removed": 1}
    counts["repeated"] = len(output[""]) - len({record["text"] for record in output[""]})
    assert summary["counts"] == dict.fromkeys(Counts.__annotations__, 0) | counts
    (removed,) = output[".removed.jsonl"]
    assert set(removed) == set(described("OUTPUT.removed.jsonl"))
    assert removed["text"] == "Read more: the rain"
