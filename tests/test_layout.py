"""Who imports whom, read from the syntax trees."""

import ast
import subprocess
import sys
from inspect import Parameter, signature
from pathlib import Path
from typing import get_type_hints

import pytest

from training.experiments.runs import stage_of

ROOT = Path(__file__).parents[1]
# What the training side may use of labels: contracts and measures, no knowledge of languages.
CONTRACTS = ("pipeline", "metrics", "letters")
# What a package of the training side may use besides.
BEYOND = {
    # scores raw articles, by rules and on clusters too
    "inference": (
        *("cluster", "ingest", "segment", "languages", "targets", "functions", "label_model"),
    ),
    "rules": ("functions", "label_model", "targets"),  # exports them
    "export": ("languages", "targets"),  # the forms of names and the words of languages
    "labelling_speed": ("functions", "label_model"),  # measures them
    "pool": ("annotate",),  # reads gold files
    "compare": ("annotate",),  # reads gold files
    "drift": ("segment", "targets"),  # compares raw articles
    "label_errors": ("annotate", "people"),  # reads gold files, writes sentences to settle
    "new_targets": ("targets",),  # reads their files
    "selection": ("annotate", "people", "targets"),  # chooses what people label
    "annotation_page": ("people", "targets"),  # shows it to them
    "shares": ("ingest",),  # reads dates and finds near-duplicates as it does
}
HEAVY = frozenset(
    "accelerate datasets datasketch evaluate matplotlib onnx pandas pymorphy3 scipy torch"
    " transformers".split()
)
# Doors that others import: what may not come with them.
FACES = {
    "training.inference": HEAVY | {"hydra", "lxml", "omegaconf", "pyarrow", "trafilatura"},
    "training.inference.stance": HEAVY | {"hydra", "lxml", "omegaconf", "rich", "yaml"},
    "labels.ingest": HEAVY | {"pyarrow", "trafilatura"},
    "labels.segment": HEAVY | {"pyarrow", "trafilatura"},
    "labels.targets": HEAVY | {"omegaconf"},
    "labels.pipeline.command": HEAVY | {"pyarrow"},
}


def modules(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path):
    """List what a file imports, wherever in it, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: expected absolute imports"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_levels(folder):
    return {
        (module_name(path), name.partition(".")[0])
        for path in modules(folder)
        for name in imported(path)
    }


def test_there_are_modules_to_look_at():
    for folder, least in (("labels", 30), ("training", 15), ("scripts", 8)):
        assert len(modules(folder)) >= least


def test_labels_imports_neither_training_nor_scripts_nor_tests():
    odd = {pair for pair in top_levels("labels") if pair[1] in ("training", "scripts", "tests")}
    assert odd == set()


@pytest.mark.parametrize("package", ["torch", "transformers", "accelerate", "safetensors"])
def test_labels_needs_no_deep_learning(package):
    assert {module for module, name in top_levels("labels") if name == package} == set()


def test_training_takes_from_labels_only_the_contracts():
    odd = set()
    for path in modules("training"):
        allowed = CONTRACTS + BEYOND.get(path.relative_to(ROOT).parts[1], ())
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "labels" and len(parts) > 1 and parts[1] not in allowed:
                odd.add((module_name(path), name))
    assert odd == set()


@pytest.mark.parametrize("face", FACES)
def test_a_face_brings_nothing_heavy_along(face):
    code = f"import sys, {face}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert face.partition(".")[0] in loaded
    assert loaded & FACES[face] == set()


def test_training_does_not_import_scripts_or_tests():
    odd = {pair for pair in top_levels("training") if pair[1] in ("scripts", "tests")}
    assert odd == set()


def test_scripts_declare_a_stage_and_hold_no_logic():
    for path in modules("scripts"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        kinds = {type(node) for node in body}
        assert kinds <= {ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.If}, path
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 25, path
        if path.stem == "run_pipeline":  # no stage: it runs them all
            continue
        ours = {name for name in imported(path) if name.partition(".")[0] in ("labels", "training")}
        stage = stage_of(path.stem)
        settings = f"{stage.settings.__module__}.{stage.settings.__name__}"
        assert ours == {
            "labels.pipeline.command",
            "labels.pipeline.command.Stage",
            stage.settings.__module__,
            settings,
        }, path


@pytest.mark.parametrize("name", [path.stem for path in modules("scripts")])
def test_the_function_of_a_stage_bears_its_name_and_takes_its_settings(name):
    if name == "run_pipeline":
        return
    stage = stage_of(name)
    taken = signature(stage.function()).parameters
    assert get_type_hints(stage.function())["settings"] is stage.settings
    assert [name for name, one in taken.items() if one.default is Parameter.empty] == ["settings"]
    assert stage.settings.SECTION == name
    # settings stand beside the stage that they set
    assert stage.settings.__module__ == f"{stage.module.rpartition('.')[0]}.settings"


def test_scripts_do_not_import_each_other_and_hide_no_package():
    stems = {path.stem for path in modules("scripts")}
    for path in modules("scripts"):
        assert not stems & {name.partition(".")[0] for name in imported(path)}
    used = {
        name.partition(".")[0]
        for folder in ("labels", "training")
        for path in modules(folder)
        for name in imported(path)
    }
    assert not stems & used


def calls_at_import(path):
    """List the calls that importing a module makes, outside functions and `__main__`."""
    nodes = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
        nodes.extend(ast.iter_child_nodes(node))


def test_importing_a_module_does_nothing_that_can_be_seen():
    forbidden = (
        "print",
        "open",
        "logging.basicConfig",
        "set_seed",
        "torch.manual_seed",
        "np.random.seed",
        "random.seed",
        "torch.set_num_threads",
        "os.environ.setdefault",
        "signal.signal",
    )
    found = {
        (module_name(path), call)
        for folder in ("labels", "training")
        for path in modules(folder)
        for call in calls_at_import(path)
        if call in forbidden or call.endswith((".mkdir", ".write_text", ".exists"))
    }
    assert found == set()


def test_every_test_module_mirrors_a_module_or_a_folder():
    mirrored = [
        path
        for folder in ("labels", "training")
        for path in (ROOT / "tests" / folder).rglob("test_*.py")
    ]
    assert len(mirrored) > 30
    for path in mirrored:
        relative = path.relative_to(ROOT / "tests")
        stem = path.stem.removeprefix("test_")
        mirrored_one = ROOT / relative.parent / stem
        assert mirrored_one.with_suffix(".py").is_file() or mirrored_one.is_dir(), path


def test_no_file_has_grown_beyond_one_purpose():
    long = {
        module_name(path): count
        for folder in ("labels", "training")
        for path in modules(folder)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
