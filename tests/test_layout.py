"""Who imports whom, read from the syntax trees."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What the training side may use of labels: the contracts and the edges, no knowledge of languages.
CONTRACTS = ("schema", "errors", "files", "tables", "settings", "config", "command")
RAW_TEXT = ("ingest", "segment", "language")  # for those that score raw articles
MAY_READ_RAW_TEXT = ("training.inference", "training.prediction")


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
        allowed = CONTRACTS
        if module_name(path) in MAY_READ_RAW_TEXT:
            allowed = CONTRACTS + RAW_TEXT
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == "labels" and len(parts) > 1 and parts[1] not in allowed:
                odd.add((module_name(path), name))
    assert odd == set()


def test_training_does_not_import_scripts_or_tests():
    odd = {pair for pair in top_levels("training") if pair[1] in ("scripts", "tests")}
    assert odd == set()


def test_scripts_import_nothing_but_a_stage_its_settings_and_the_command():
    for path in modules("scripts"):
        names = {name for name in imported(path) if name.startswith(("labels.", "training."))}
        assert names, path
        # no logic: nothing but imports, the docstring and the guarded call
        body = ast.parse(path.read_text(encoding="utf-8")).body
        kinds = {type(node) for node in body} - {ast.Import, ast.ImportFrom}
        assert kinds == {ast.Expr, ast.If}, path
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 25, path


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


def test_every_public_test_module_mirrors_a_module():
    for path in sorted((ROOT / "tests" / "training").glob("test_*.py")):
        stem = path.stem.removeprefix("test_")
        candidates = [ROOT / "training" / f"{stem}.py", ROOT / "training" / "model" / f"{stem}.py"]
        assert any(one.is_file() for one in candidates), path
