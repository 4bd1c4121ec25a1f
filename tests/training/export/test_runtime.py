import ast
import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from labels.pipeline.command import CONFIGS
from labels.pipeline.data_file import read_data
from labels.pipeline.settings import to_json
from labels.targets import forms_of
from labels.targets.read import load_targets
from tests.conftest import TARGETS
from training.export.runtime import PACKAGE, data, modules, relocate, write_runtime

ROOT = Path(__file__).parents[3]
DOOR, OURS = "training.inference.stance", {"labels", "training"}
LONG = "Путин и Лавров говорили о прекращении огня в Газе. " * 8
SENTENCES = [
    ("en", "MOSCOW, March 5 (AP) - The minister went home."),  # the dateline names nothing
    ("en", "The officer in charge (OIC) left; Moscow hailed the truce in Gaza."),
    ("ru", "МОСКВА, 5 марта. /ТАСС/. Россиянам рассказали о перемирии в Газе."),
    ("ru", "ОИС с Россией не спорила."),
    ("ru", LONG),
    ("id", "Rusialah tuan rumah, kata Sekjen OKI tentang gencatan senjata di Gaza."),
    ("ar", "ورحبت منظمة التعاون الإسلامي بالهدنة في غزّة وبروسیا."),
    ("en", "🙂"),
]


@pytest.fixture(scope="module")
def export(tiny_export, tmp_path_factory):
    """Copy the export, and give it the names of the real targets."""
    folder = tmp_path_factory.mktemp("alone") / "export"
    shutil.copytree(tiny_export[1], folder)
    path = folder / "export.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    targets = load_targets(CONFIGS / "target", list(TARGETS))
    description["targets"] = [to_json(target) for target in targets]
    forms = {word: " ".join(found) for word, found in forms_of(targets).items()}
    description["russian_forms"] = forms
    path.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    return folder


def run(*arguments, content="", folder=None):
    """Run Python where this project is not at hand."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-s", *map(str, arguments)],
        input=content,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def loaded_by(code, folder):
    done = run("-c", f"{code}\nimport sys; print(*sys.modules)", folder=folder)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_no_more_is_imported_than_what_three_packages_bring_along(export):
    code = "from stance import StanceModel\nStanceModel(threads=1)(['Россия молчит.'], ['ru'])"
    found = loaded_by(code, export)
    assert {PACKAGE, "stance", "onnxruntime"} <= found
    assert not found & {"labels", "training", "yaml", "omegaconf", "pymorphy3", "torch"}
    owners = metadata.packages_distributions()
    base = loaded_by("import numpy, onnxruntime, tokenizers", export)
    added = {name for name in found - base if name in owners}
    assert added == set()


def test_alone_it_answers_as_predict_stance(export, tmp_path, composer):
    rows = [{"id": i, "lang": lang, "text": text} for i, (lang, text) in enumerate(SENTENCES)]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    composer.run(
        "predict_stance",
        f"input={tmp_path / 'in.jsonl'}",
        f"output={tmp_path / 'out.jsonl'}",
        f"model={export}",
        "unit=sentence",
        "abstain_risk=0.1",
        "threads=1",
        "variant=fp32",
    )
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in written]
    code = (
        "import json, sys\nfrom stance import StanceModel\nrows = json.load(sys.stdin)\n"
        "found = StanceModel(threads=1)([row['text'] for row in rows], "
        "[row['lang'] for row in rows], 0.1)\nprint(json.dumps(found))"
    )
    done = run("-c", code, content=json.dumps(records), folder=export)
    assert done.returncode == 0, done.stderr
    names = ("stance", "sentiment", "parts")
    expected = [{key: record[key] for key in names if key in record} for record in records]
    assert json.loads(done.stdout) == expected
    assert [len(records), "parts" in records[4]] == [len(SENTENCES), True]


def test_a_dateline_is_known_by_the_language(export):
    text = SENTENCES[0][1]
    code = (
        "from stance import StanceModel\nmodel = StanceModel(threads=1)\n"
        f"print(model([{text!r}], ['en']) == model([{text!r}]))"
    )
    assert run("-c", code, folder=export).stdout.strip() == "False"


def test_the_program_labels_what_it_is_told_and_lines_of_standard_input(export):
    program = export / "stance.py"
    told = run(program, "--threads", 1, "--lang", "en", "Moscow left.", "", folder=export.parent)
    first, second = map(json.loads, told.stdout.splitlines())
    assert (first["text"], first["lang"], second["text"]) == ("Moscow left.", "en", "")
    read = run(program, "--threads", 1, "--lang", "en", content="Moscow left.\r\n\n  \nRain.\n")
    again, other = map(json.loads, read.stdout.splitlines())
    assert again["text"] == "Moscow left."
    assert again["stance"]["oic"]["label"] == first["stance"]["oic"]["label"]
    assert other["text"] == "Rain."
    assert (told.returncode, read.returncode, told.stderr, read.stderr) == (0, 0, "", "")


def test_an_export_of_a_newer_version_is_refused_with_its_writer_s(export, tmp_path):
    newer = shutil.copytree(export, tmp_path / "newer")
    description = json.loads((newer / "export.json").read_text(encoding="utf-8"))
    description |= {"version": 99, "sikap_version": "7.8.9"}
    (newer / "export.json").write_text(json.dumps(description), encoding="utf-8")
    done = run(newer / "stance.py", "Rain.")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "found 99 (written by sikap 7.8.9); update this program" in done.stderr
    assert "Traceback" not in done.stderr


def imports_of(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_a_copy_differs_in_nothing_but_where_it_imports_from(tmp_path):
    write_runtime(tmp_path)
    assert len(modules()) > 25
    for name, file in modules().items():
        place = "stance.py" if name == DOOR else Path(PACKAGE) / file.relative_to(ROOT)
        source, copy = (ast.parse(path.read_text("utf-8")) for path in (file, tmp_path / place))
        assert not {node.module.partition(".")[0] for node in imports_of(copy)} & OURS
        for node in imports_of(copy):
            node.module = node.module.removeprefix(f"{PACKAGE}.")
        assert ast.dump(copy) == ast.dump(source)


def test_imports_are_moved_wherever_they_stand():
    source = (
        '"""From labels.x import y."""\nfrom labels.x import (\n    y,\n)\nfrom os import path\n'
        "def f():\n    from training.z import w\n"
    )
    assert relocate(source) == source.replace("from labels.x", f"from {PACKAGE}.labels.x").replace(
        "from training.z", f"from {PACKAGE}.training.z"
    )


def test_the_data_is_that_of_the_program(tmp_path):
    write_runtime(tmp_path)
    written = sorted((tmp_path / PACKAGE).rglob("*.json"))
    assert len(written) == len(list(data())) > 8
    for folder, name, keys in data():
        copied = read_data(tmp_path / PACKAGE / folder, name)
        known = read_data(ROOT / folder, name)
        assert copied == ({key: known[key] for key in keys} if keys else known)


def test_two_copies_are_the_same(tmp_path):
    for name in ("one", "two"):
        write_runtime(tmp_path / name)
    contents = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in (tmp_path / "one", tmp_path / "two")
    ]
    assert contents[0] == contents[1]
