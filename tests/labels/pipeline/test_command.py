import random
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import MISSING, OmegaConf

from labels.pipeline.command import CONFIGS, Literal, Stage, literal_keys, quote_literal
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.settings import Settings, StageSettings, literal
from labels.split.settings import SplitSettings
from training.fit.settings import TrainSettings
from training.inference.settings import PredictSettings

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
]


KEYS = {
    "input": Literal(),
    "files": Literal(is_list=True),
    "reference": Literal(is_optional=True),
    "fixed.dev": Literal(is_list=True),
}


@dataclass(kw_only=True)
class Inner(Settings):
    SECTION: ClassVar[str] = "inner"
    folder: Path = MISSING
    name: str = literal()
    count: int = MISSING


@dataclass(kw_only=True)
class Outer(StageSettings):
    SECTION: ClassVar[str] = "outer"
    input: Path = MISSING
    files: list[Path] = MISSING
    reference: Path | None = MISSING
    inner: Inner = MISSING
    seed: int = MISSING


def read_back(argument):
    """Parse an argument as Hydra does and resolve it as OmegaConf does."""
    override = OverridesParser.create().parse_override(argument)
    return OmegaConf.create({"value": override.value()}).value


@pytest.mark.parametrize("path", PATHS, ids=repr)
def test_a_path_of_any_characters_comes_through(path):
    assert read_back(quote_literal(f"input={path}", KEYS)) == path


def test_random_paths_of_special_characters_come_through():
    rng = random.Random(7)
    for _ in range(800):
        path = "".join(rng.choices("\\'\"${}[](),=: a1ع", k=rng.randint(1, 7)))
        if path.strip():
            assert read_back(quote_literal(f"input={path}", KEYS)) == path, path


@pytest.mark.parametrize("path", ["2024", "غزة, [a]=b/x y", "a\\${b}'s", "${hydra:runtime.cwd}"])
def test_a_path_comes_through_the_whole_of_hydra(composer, path):
    found = composer.settings("predict_stance", f"input={path}", "output=x")
    assert found.input == Path(path)


def test_the_literal_settings_are_those_that_the_schema_declares():
    assert literal_keys(Outer) == {
        **{
            f"paths.{name}": Literal()
            for name in ("data_dir", "work", "model", "report", "export", "checkpoints")
        },
        "input": Literal(),
        "files": Literal(is_list=True),
        "reference": Literal(is_optional=True),
        "inner.folder": Literal(),
        "inner.name": Literal(),
    }


def test_a_text_of_one_kind_of_a_group_is_literal_too():
    # the backbone's name is a path where the backbone is a local folder
    assert literal_keys(TrainSettings)["backbone.name"] == Literal()


def test_every_path_that_the_readme_gives_a_stage_may_hold_any_character(composer):
    articles = "data/غزة, [1]=a/articles.parquet"
    found = composer.settings("segment_sentences", f"articles={articles}", "output=out/جمل.parquet")
    assert found.articles == Path(articles)
    assert found.output == Path("out/جمل.parquet")


@pytest.mark.parametrize("plus", ["", "+", "++"])
def test_a_literal_setting_may_be_added(plus):
    assert quote_literal(f"{plus}input=1", KEYS) == f"{plus}input='1'"


@pytest.mark.parametrize(
    "argument", ["unit=sentence", "epochs=3", "inputs=a b", "input", "x.input=1", "fixed={}"]
)
def test_other_arguments_are_left_alone(argument):
    assert quote_literal(argument, KEYS) == argument


def test_null_is_a_path_unless_the_setting_may_be_null():
    assert read_back(quote_literal("input=null", KEYS)) == "null"
    assert read_back(quote_literal("reference=null", KEYS)) is None


@pytest.mark.parametrize("argument", ["input=", "input= ", "files=", "fixed.dev="])
def test_an_empty_path_is_refused(argument):
    key = argument.partition("=")[0]
    with pytest.raises(ConfigError, match=f"{key}: expected a value, got '"):
        quote_literal(argument, KEYS)


@pytest.mark.parametrize(
    "paths",
    [["خبر.jsonl"], ["a b.csv", "c=d.csv"], ["new [a=b]/مقالات.csv", "it's.csv"], ["a.csv", "п р"]],
)
def test_a_list_of_paths_takes_any_character_but_a_comma(paths):
    assert read_back(quote_literal(f"files=[{','.join(paths)}]", KEYS)) == paths
    assert read_back(quote_literal(f"files=[{', '.join(paths)}]", KEYS)) == paths


def test_a_list_in_hydras_own_words_is_left_to_hydra():
    for argument in ("files=['a b', \"c=d\"]", "files=[]", "files=[${paths.work}/a.csv]"):
        assert quote_literal(argument, KEYS) == argument


def test_one_path_for_a_setting_that_takes_several_is_a_list_of_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = "berita, [1]=a 'b'.txt"
    assert read_back(quote_literal(f"files={path}", KEYS)) == [path]
    assert read_back(quote_literal(f"fixed.dev={path}", KEYS)) == [path]
    assert read_back(quote_literal("files=[a.txt,b.txt]", KEYS)) == ["a.txt", "b.txt"]
    (tmp_path / "[a.txt,b.txt]").mkdir()
    assert read_back(quote_literal("files=[a.txt,b.txt]", KEYS)) == ["[a.txt,b.txt]"]
    assert read_back(quote_literal("input=[a.txt,b.txt]", KEYS)) == "[a.txt,b.txt]"


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a stage as its script does; return the exit status, the settings and what was said."""
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    handler = signal.getsignal(signal.SIGTERM)

    def run(schema, name, *arguments, function=None):
        seen = []
        module = ModuleType("a_stage")
        setattr(module, name, function or seen.append)
        monkeypatch.setitem(sys.modules, "a_stage", module)
        monkeypatch.setattr(sys, "argv", [f"scripts/{name}.py", *arguments])
        status = 0
        try:
            Stage(f"scripts/{name}.py", schema, "a_stage").main("About [it].")
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
    shutil.copytree(CONFIGS, folder)
    mine = {"split_examples": {"seed": 77, "ngram_words": 3}}
    OmegaConf.save(mine, folder / "experiments" / "mine.yaml")
    monkeypatch.setattr("labels.pipeline.command.CONFIGS", folder)
    monkeypatch.setattr("labels.pipeline.command.EXPERIMENTS", folder / "experiments")
    return folder / "experiments"


def test_the_experiment_lies_over_the_config_and_under_the_command_line(command, experiments):
    plain, changed, both = (
        command(SplitSettings, "split_examples", *arguments)[1][0]
        for arguments in ([], ["experiment=mine"], ["experiment=mine", "seed=5"])
    )
    assert (plain.seed, plain.ngram_words) == (13, 5)
    assert (changed.seed, changed.ngram_words) == (77, 3)
    assert (both.seed, both.ngram_words) == (5, 3)
    assert plain.output == Path("data/default/splits")
    assert changed.output == Path("data/mine/splits")  # a folder for each experiment


def test_a_stage_without_a_section_is_not_changed(command, experiments):
    (experiments / "empty.yaml").write_text("# nothing yet\n", encoding="utf-8")
    for name in ("mine", "empty"):
        status, (found,), _, _ = command(PredictSettings, "predict_stance", "input=x", "output=y")
        assert (status, found.batch_tokens) == (0, 256), name
    status, (found,), _, said = command(SplitSettings, "split_examples", "experiment=empty")
    assert (status, found.seed) == (0, 13), said


def test_a_section_that_is_no_stage_is_named(command, experiments):
    (experiments / "odd.yaml").write_text("train_modle: {}\n", encoding="utf-8")
    status, seen, _, said = command(SplitSettings, "split_examples")
    assert (status, seen) == (2, [])
    said = said.replace("\n", "")
    assert "odd.yaml: expected sections among" in said
    assert "found train_modle" in said


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("no_such_setting=1", "no_such_setting"),
        ("seed=many", "seed"),
        ("experiment=none_such", "none_such"),
        ("kind=sorted", "kind"),
        ("max_shared=2", "max_shared: expected (0, 1], got 2.0"),
        ("seed", "seed"),
        ("seed=-1", "split_examples.seed: expected at least 0, got -1"),
        ("output=", "output: expected a value"),
    ],
)
def test_a_wrong_setting_exits_2_and_is_named(command, argument, named):
    status, seen, out, said = command(SplitSettings, "split_examples", argument)
    assert (status, seen, out) == (2, [], "")
    assert "Wrong setting" in said
    assert named in said
    assert "Traceback" not in said
    assert "--help" in said


def test_a_setting_without_a_value_exits_2(command):
    status, _, _, said = command(PredictSettings, "predict_stance", "output=x")
    assert status == 2
    assert "no value for: input" in said


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (DataError("t.parquet: broken"), 1, "Wrong data: t.parquet: broken"),
        (OSError(28, "No space left on device"), 1, "The system refused"),
        (ModuleNotFoundError("none", name="torch"), 2, "pip install --editable '.[train]'"),
        (ModuleNotFoundError("none", name="torch.nn"), 2, "pip install --editable '.[train]'"),
        (ModuleNotFoundError("none", name="onnxruntime"), 2, "pip install --editable '.[serve]'"),
        (ModuleNotFoundError("none"), 2, "pip install --editable '.[train]'"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_a_failing_stage_exits_with_one_clear_line(command, error, status, kind):
    def fail(config):
        raise error

    found, _, out, said = command(SplitSettings, "split_examples", function=fail)
    assert (found, out) == (status, "")
    assert kind in said
    assert "Traceback" not in said


def test_an_installation_without_the_configs_says_how_to_install(command, tmp_path, monkeypatch):
    monkeypatch.setattr("labels.pipeline.command.CONFIGS", tmp_path / "none")
    status, seen, _, said = command(SplitSettings, "split_examples", "--help")
    assert (status, seen) == (2, [])
    assert "pip install --editable" in " ".join(said.split())


def test_a_stage_that_is_done_says_nothing_and_leaves_no_folder(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command(SplitSettings, "split_examples")[::2] == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_help_shows_the_docstring_every_setting_and_the_choices(command):
    status, seen, out, _ = command(SplitSettings, "split_examples", "--help")
    assert (status, seen) == (0, [])
    assert "About [it]." in out
    assert "max_shared: 0.5" in out
    assert "experiment: default, raw_news, real_news" in out
