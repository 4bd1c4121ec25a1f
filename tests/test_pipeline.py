"""dvc.yaml names all that its stages read, so that ``dvc repro`` sees every change."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from dvc.config_schema import REMOTE_SCHEMAS

from training.experiments.runs import stage_of
from training.export.runtime import data, modules

ROOT = Path(__file__).parents[1]
PIPELINE = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
STAGES = {name: stage["do"] for name, stage in PIPELINE.items()}
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
# Its values are folders; `dvc exp run -S` cannot set a file that holds interpolations of Hydra.
UNTRACKED_GROUPS = {"paths", "experiment"}
# It asks the export, as users do, and so runs the code of many stages. It costs little and nothing
# reads what it writes, so it may run again with any of them.
EXPLAINS = {"write_report"}
SECTION = r"^\['remote (.+?)'\]\n((?:.*\n)+?)(?=\n|\Z)"  # of .dvc/config


def module_files(name):
    """List the files that importing a dotted name runs: packages on the way, then the module."""
    parts = name.split(".")
    if parts[0] not in ("labels", "training"):
        return
    for end in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:end])
        if (place / "__init__.py").is_file():
            yield place / "__init__.py"
        elif place.with_suffix(".py").is_file():
            yield place.with_suffix(".py")


def imported_files(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from module_files(alias.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield from module_files(f"{node.module}.{alias.name}")


def has_code(path):
    return any(
        not isinstance(node, ast.Expr) for node in ast.parse(path.read_text(encoding="utf-8")).body
    )


def code_of(name):
    """Find every project module that a stage imports, directly or through others."""
    found = set(module_files(stage_of(name).module))
    waiting = [ROOT / "scripts" / f"{name}.py", *found]
    while waiting:
        for path in imported_files(waiting.pop()):
            if path not in found:
                found.add(path)
                waiting.append(path)
    return {path for path in found if has_code(path)}


def covered(path, deps):
    relative = path.relative_to(ROOT)
    return any(relative == Path(dep) or Path(dep) in relative.parents for dep in deps)


def outputs(stage):
    entries = [
        *stage.get("outs", []),
        *stage.get("metrics", []),
        *stage.get("plots", []),
    ]
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


def tracked(stage):
    """Map each file under params to its keys; None is every key."""
    found = {}
    for entry in stage["params"]:
        assert isinstance(entry, dict), f"{entry}: expected a file name and a colon"
        found |= entry
    return found


def test_every_stage_has_a_script_a_config_and_an_entry_for_each_experiment():
    assert list(STAGES)[0] == "ingest_articles"
    for name, stage in PIPELINE.items():
        assert (ROOT / "scripts" / f"{name}.py").is_file()
        assert (ROOT / "configs" / f"{name}.yaml").is_file()
        assert stage["foreach"] == "${experiments}"
    for entry in PARAMS["experiments"].values():
        assert set(entry) == {"data_dir", "start", "overrides"}
        assert list(entry["overrides"]) == list(STAGES)


@pytest.mark.parametrize("name", STAGES)
def test_deps_are_folders_that_cover_every_module_that_the_stage_imports(name):
    code = code_of(name)
    assert ROOT / "labels" / "pipeline" / "command.py" in code  # else nothing was found at all
    deps = STAGES[name]["deps"]
    assert [str(path.relative_to(ROOT)) for path in sorted(code) if not covered(path, deps)] == []
    assert f"scripts/{name}.py" in deps
    of_code = [dep for dep in deps if dep.startswith(("labels", "training"))]
    assert all((ROOT / dep).is_dir() for dep in of_code)


def test_what_an_export_copies_is_a_dep_of_it():
    files = [*modules().values(), *(ROOT / folder / f"{name}.yaml" for folder, name, _ in data())]
    assert len(files) > 30
    deps = STAGES["export_model"]["deps"]
    assert [file for file in files if has_code_or_data(file) and not covered(file, deps)] == []


def has_code_or_data(path):
    return path.suffix != ".py" or has_code(path)


@pytest.mark.parametrize("name", [name for name in STAGES if name not in EXPLAINS])
def test_no_dep_is_the_folder_of_another_stage_s_settings(name):
    """An edit of one stage's settings, help or script re-runs that stage alone."""
    own = ROOT.joinpath(*stage_of(name).settings.__module__.split(".")).with_suffix(".py")
    for other in STAGES:
        if other != name:
            theirs = ROOT.joinpath(*stage_of(other).settings.__module__.split("."))
            assert not covered(theirs.with_suffix(".py"), STAGES[name]["deps"]), other
            assert f"scripts/{other}.py" not in STAGES[name]["deps"]
    assert covered(own, STAGES[name]["deps"])


@pytest.mark.parametrize("name", STAGES)
def test_deps_in_the_repository_exist(name):
    for dep in STAGES[name]["deps"]:
        if not re.match(r"\$|data/|models/|reports/|exports/", dep):
            assert (ROOT / dep).exists(), dep


@pytest.mark.parametrize("name", STAGES)
def test_language_data_is_a_dep_where_its_loader_runs(name):
    if ROOT / "labels" / "languages" / "__init__.py" in code_of(name):
        assert covered(ROOT / "labels" / "languages" / "ar" / "dates.yaml", STAGES[name]["deps"])


@pytest.mark.parametrize("name", STAGES)
def test_params_cover_the_config_and_every_group_file_that_it_composes(name):
    expected = {f"configs/{name}.yaml"}
    config = yaml.safe_load((ROOT / "configs" / f"{name}.yaml").read_text(encoding="utf-8"))
    for entry in config["defaults"]:
        if isinstance(entry, dict):
            ((group, option),) = entry.items()
            if group not in UNTRACKED_GROUPS:
                expected.add(f"configs/{group}/{option}.yaml")
    files = tracked(STAGES[name])
    assert {file for file, keys in files.items() if keys is None} == expected
    # of the experiment, its own section alone: a change of another stage re-runs nothing here
    assert files["configs/experiments/${key}.yaml"] == [name]
    assert len(files) == len(expected) + 1


def test_the_targets_are_seen_by_the_stages_that_read_them():
    for name in ("vote_sentences", "label_sentences"):
        assert "configs/target" in STAGES[name]["deps"]


@pytest.mark.parametrize("name", STAGES)
def test_the_command_passes_the_experiment_and_the_overrides(name):
    command = STAGES[name]["cmd"].split()
    python = ["PYTHONPATH=.", "python"]  # so that a copy of the project runs its own code
    assert command[:4] == [*python, f"scripts/{name}.py", "experiment=${key}"]
    assert command[-1] == f"${{item.overrides.{name}}}"


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_that_reads_the_data_folder_is_told_where_it_is(name):
    reads = "${item.data_dir}" in STAGES[name]["deps"]
    assert reads == ('"paths.data_dir=${item.data_dir}"' in STAGES[name]["cmd"])


def test_stages_read_what_stages_before_them_write():
    written = set()
    for name, stage in STAGES.items():
        for dep in stage["deps"]:
            if "${key}" in dep:
                assert any(dep == out or dep.startswith(f"{out}/") for out in written), (name, dep)
        written |= set(outputs(stage))


def test_nothing_reads_what_the_stages_write_that_run_again_with_others():
    for name in EXPLAINS:
        for other in STAGES.values():
            assert set(outputs(STAGES[name])).isdisjoint(other["deps"])
    assert list(STAGES)[-len(EXPLAINS) :] == sorted(EXPLAINS)


def test_no_output_is_shared_by_experiments_or_stages():
    every = [out for stage in STAGES.values() for out in outputs(stage)]
    assert len(every) == len(set(every))
    assert all("${key}" in out for out in every)


def test_nothing_that_dvc_deletes_before_a_run_holds_the_checkpoints():
    paths = yaml.safe_load((ROOT / "configs" / "paths" / "default.yaml").read_text("utf-8"))
    assert paths["checkpoints"].startswith("runs/")
    assert not any(out.startswith("runs") for stage in STAGES.values() for out in outputs(stage))


def test_figures_and_the_tables_of_plots_are_kept_by_git():
    kept = [
        next(iter(entry.items()))
        for stage in STAGES.values()
        for entry in [*stage.get("metrics", []), *stage.get("plots", [])]
    ]
    assert len(kept) >= 3
    for path, options in kept:
        assert options["cache"] is False, path
        name = path.replace("${key}", "default")
        done = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert done.returncode == 1, f"{name} is ignored by git"


def test_every_remote_of_the_example_is_one_that_dvc_takes():
    example = (ROOT / ".dvc" / "config.example").read_text(encoding="utf-8")
    with_optional = re.sub(r"^( *)# (\w+ = )", r"\1\2", example, flags=re.MULTILINE)
    remotes = {
        name.strip("'\""): dict(re.findall(r"^ *(\w+) = (.+)$", options, flags=re.MULTILINE))
        for name, options in re.findall(SECTION, with_optional, flags=re.MULTILINE)
    }
    assert list(remotes) == ["folder", "s3", "gcs", "ssh"]
    for options in remotes.values():
        scheme = options["url"].partition("://")[0] if "://" in options["url"] else ""
        assert set(options) <= {str(key) for key in REMOTE_SCHEMAS[scheme]}
