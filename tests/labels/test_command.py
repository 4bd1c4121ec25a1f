import random
import signal
import sys

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from labels.command import CONFIGS, PATH_KEYS, quote_path, run_stage
from labels.config import SplitConfig
from labels.errors import DataError
from training.config import PredictConfig

PATHS = [
    "plain.txt",
    "أخبار/غزة 2024.txt",
    "новости/статья.txt",
    "two words",
    " leading and trailing ",
    "a,b,c",
    "list[1]",
    "{braces}",
    "(round)",
    "key=value",
    "=",
    "20240131",
    "007",
    "1.5e3",
    "true",
    "null",
    "it's",
    "'quoted'",
    '"double"',
    "back\\slash",
    "ends with\\",
    "ends with two\\\\",
    "\\'",
    "\\\\'x\\'",
    "${oc.env:HOME}",
    "a${b",
    "a\\${b}",
    "a\\\\${b}\\",
    "$x $ {y}",
    "100%",
    "~/*?",
    "#hash:colon;semi&pipe|",
    "line\nbreak\ttab",
    "-",
    "--help",
    "+plus",
    "日本語 🙂",
    "",
]


def read_back(argument):
    """Parse an argument as Hydra does and resolve it as OmegaConf does."""
    override = OverridesParser.create().parse_override(argument)
    return OmegaConf.create({"value": override.value()}).value


@pytest.mark.parametrize("path", PATHS, ids=repr)
def test_a_path_of_any_characters_comes_through(path):
    assert read_back(quote_path(f"input={path}")) == path


def test_random_paths_of_special_characters_come_through():
    rng = random.Random(7)
    for _ in range(800):
        path = "".join(rng.choices("\\'\"${}[](),=: a1ع", k=rng.randint(1, 7)))
        if not (path.startswith("[") and path.endswith("]")):
            assert read_back(quote_path(f"output={path}")) == path, path


@pytest.mark.parametrize("path", ["2024", "غزة, [a]=b/x y", "a\\${b}'s", "${hydra:runtime.cwd}"])
def test_a_path_comes_through_the_whole_of_hydra(composer, path):
    raw = composer("predict_stance", f"input={path}", "output=x")
    assert raw.input == path
    assert OmegaConf.to_object(raw).input == path


@pytest.mark.parametrize("key", PATH_KEYS)
def test_every_path_setting_is_quoted_and_may_be_added(key):
    assert quote_path(f"{key}=1") == f"{key}='1'"
    assert quote_path(f"+{key}=1") == f"+{key}='1'"


@pytest.mark.parametrize(
    "argument", ["unit=sentence", "epochs=3", "inputs=a b", "input", "x.input=1"]
)
def test_other_arguments_are_left_alone(argument):
    assert quote_path(argument) == argument


def test_a_list_is_left_to_the_grammar_unless_a_path_has_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_back(quote_path("input=[a.txt,b.txt]")) == ["a.txt", "b.txt"]
    (tmp_path / "[a.txt,b.txt]").mkdir()
    assert read_back(quote_path("input=[a.txt,b.txt]")) == "[a.txt,b.txt]"


def test_one_path_for_a_setting_that_takes_a_list_is_a_list_of_one():
    path = "berita, [1]=a 'b'.txt"
    assert read_back(quote_path(f"input={path}", ["input"])) == [path]
    assert read_back(quote_path("input=[a.txt,b.txt]", ["input"])) == ["a.txt", "b.txt"]
    assert read_back(quote_path(f"output={path}", ["input"])) == path


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a stage as its script does; return the exit status, the settings and what was said."""
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    handler = signal.getsignal(signal.SIGTERM)

    def run(schema, name, *arguments, stage=None):
        seen = []
        monkeypatch.setattr(sys, "argv", [f"scripts/{name}.py", *arguments])
        status = 0
        try:
            run_stage(stage or seen.append, schema, f"scripts/{name}.py", "About [it].")
        except SystemExit as leaving:
            status = leaving.code
        output = capsys.readouterr()
        return status, seen, output.out, output.err

    yield run
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture
def experiments(tmp_path, monkeypatch):
    """Use a copy of the configs with an experiment that changes the seed of the split."""
    folder = tmp_path / "configs"
    (folder / "experiments").mkdir(parents=True)
    for name in ("split_examples.yaml", "predict_stance.yaml"):
        (folder / name).write_text((CONFIGS / name).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "paths").mkdir()
    (folder / "paths" / "default.yaml").write_text(
        (CONFIGS / "paths" / "default.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    stages = [path.stem for path in CONFIGS.glob("*.yaml") if path.stem != "predict_stance"]
    default = {stage: {} for stage in stages}
    OmegaConf.save(default, folder / "experiments" / "default.yaml")
    mine = default | {"split_examples": {"seed": 77, "ngram_words": 3}}
    OmegaConf.save(mine, folder / "experiments" / "mine.yaml")
    monkeypatch.setattr("labels.command.CONFIGS", folder)
    return folder / "experiments"


def test_the_experiment_lies_over_the_config_and_under_the_command_line(command, experiments):
    plain, changed, both = (
        command(SplitConfig, "split_examples", *arguments)[1][0]
        for arguments in ([], ["experiment=mine"], ["experiment=mine", "seed=5"])
    )
    assert (plain.seed, plain.ngram_words) == (13, 5)
    assert (changed.seed, changed.ngram_words) == (77, 3)
    assert (both.seed, both.ngram_words) == (5, 3)
    assert plain.output == "data/default/splits"
    assert changed.output == "data/mine/splits"  # a folder for each experiment


def test_an_experiment_without_a_section_for_a_stage_is_named(command, experiments):
    (experiments / "half.yaml").write_text("train_model: {}\n", encoding="utf-8")
    status, seen, _, said = command(SplitConfig, "split_examples")
    assert (status, seen) == (2, [])
    assert "half.yaml: expected a section for each of" in said.replace("\n", "")


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("no_such_setting=1", "no_such_setting"),
        ("seed=many", "seed"),
        ("experiment=none_such", "none_such"),
        ("kind=sorted", "kind"),
        ("max_shared=2", "max_shared: expected (0, 1], got 2.0"),
        ("seed", "seed"),
    ],
)
def test_a_wrong_setting_exits_2_and_is_named(command, argument, named):
    status, seen, out, said = command(SplitConfig, "split_examples", argument)
    assert (status, seen, out) == (2, [], "")
    assert "Wrong setting" in said
    assert named in said
    assert "Traceback" not in said
    assert "--help" in said


def test_a_setting_without_a_value_exits_2(command):
    status, _, _, said = command(PredictConfig, "predict_stance", "output=x")
    assert status == 2
    assert "no value for: input" in said


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (DataError("t.parquet: broken"), 1, "Wrong data: t.parquet: broken"),
        (OSError(28, "No space left on device"), 1, "The system refused"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_a_failing_stage_exits_with_one_clear_line(command, error, status, kind):
    def fail(config):
        raise error

    found, _, out, said = command(SplitConfig, "split_examples", stage=fail)
    assert (found, out) == (status, "")
    assert kind in said
    assert "Traceback" not in said


def test_a_stage_that_is_done_says_nothing_and_leaves_no_folder(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command(SplitConfig, "split_examples")[::2] == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_help_shows_the_docstring_every_setting_and_the_choices(command):
    status, seen, out, _ = command(SplitConfig, "split_examples", "--help")
    assert (status, seen) == (0, [])
    assert "About [it]." in out
    assert "max_shared: 0.5" in out
    assert "experiment: default, real_news" in out


def test_stages_are_those_that_have_an_experiment_section():
    sections = OmegaConf.load(CONFIGS / "experiments" / "default.yaml")
    scripts = {path.stem for path in (CONFIGS.parent / "scripts").glob("*.py")}
    assert set(sections) == scripts - {
        "predict_stance",
        "run_pipeline",
        "check_corpus",
        "transfer_curve",
    }


def test_one_path_for_a_setting_that_takes_several_becomes_a_list():
    assert quote_path("input=a b.txt", lists=["input"]) == "input=['a b.txt']"
    assert quote_path("input=[a,b]", lists=["input"]) == "input=[a,b]"
    assert quote_path("output=a", lists=["input"]) == "output='a'"
