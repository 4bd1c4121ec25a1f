"""The edge between a script and its stage: Hydra app, readable help, clean errors."""

import os
import re
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, cast, get_origin

import hydra
from hydra.core.config_store import ConfigStore
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from rich.console import Console
from rich.markup import escape

from labels.config import PathsConfig
from labels.errors import ConfigError, DataError
from labels.settings import resolve

T = TypeVar("T")

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
OK, FAILED, BAD_USAGE = 0, 1, 2
# Values that are paths: quoted before Hydra's grammar sees them, which knows no Arabic letters,
# spaces, commas, brackets or equals signs, and takes digits for a number.
PATH_KEYS = ("input", "output", "model", "paths.data_dir")
# Hydra's defaults print to standard output and leave a folder where the caller stands.
QUIET = [
    "hydra.run.dir=.",
    "hydra.output_subdir=null",
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
]
STAGES = (
    "ingest_articles",
    "segment_sentences",
    "label_sentences",
    "split_examples",
    "train_model",
    "score_model",
    "export_model",
)


def register(schema: type, stem: str, groups: Mapping[str, type]) -> None:
    """Make a stage's schemas and the experiments known to Hydra.

    An experiment is one file with a section per stage; the section of this stage becomes the
    option ``experiment=<file name>``, laid over the stage's config and under the command line.

    Args:
        schema: Settings of the stage, known as ``<first word of stem>_schema``.
        stem: Name of the stage.
        groups: Config group -> class of its options, known as ``<group>/schema``.

    Raises:
        ConfigError: An experiment file has no section for the stage.
    """
    store = ConfigStore.instance()
    store.store(name=f"{stem.partition('_')[0]}_schema", node=schema)
    for group, option in {**groups, "paths": PathsConfig}.items():
        store.store(name="schema", node=option, group=group)
    for path in sorted((CONFIGS / "experiments").glob("*.yaml")):
        sections = OmegaConf.load(path)
        if not isinstance(sections, DictConfig) or not set(STAGES) <= sections.keys():
            raise ConfigError(f"{path}: expected a section for each of {', '.join(STAGES)}")
        section = sections.get(stem, {})
        store.store(name=path.stem, node=section, group="experiment", package="_global_")


def run_stage(
    stage: Callable[[T], None],
    schema: type[T],
    script: str,
    about: str | None,
    groups: Mapping[str, type] | None = None,
) -> None:
    """Compose the config named after the script, check it, and run the stage.

    Exits 0 when the stage is done, 1 when it failed, 2 when a setting is wrong. The config
    comes from ``configs/<stem of script>.yaml`` and the command line.

    Args:
        stage: Takes the checked settings.
        schema: Class of the settings.
        script: Path of the calling script.
        about: Its docstring, shown by ``--help``.
        groups: Config groups of the stage beside ``paths`` -> class of their options.
    """
    name = Path(script).stem
    console = Console(stderr=True)
    if {"-h", "--help"} & set(sys.argv[1:]):
        print_help(name, about or "")
        sys.exit(OK)
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # so that errors reach the handlers below
    lists = [field.name for field in fields(cast(Any, schema)) if get_origin(field.type) is list]
    sys.argv[1:] = QUIET + [quote_path(argument, lists) for argument in sys.argv[1:]]
    # DVC stops a run with SIGTERM; leaving by an exception lets temporary files be removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    failures: list[Exception] = []

    @hydra.main(version_base="1.3", config_path=str(CONFIGS), config_name=name)
    def main(raw: DictConfig) -> None:
        try:
            stage(resolve(raw, schema))
        except (ConfigError, DataError, OSError) as error:
            failures.append(error)  # past Hydra, which would print a line of its own

    try:
        register(schema, name, groups or {})
        main()
        for failure in failures:
            raise failure
    except (ConfigError, HydraException, OmegaConfBaseException) as error:
        _report(console, "Wrong setting", error)
        console.print(f"  see: python scripts/{name}.py --help", highlight=False)
        sys.exit(BAD_USAGE)
    except DataError as error:
        _report(console, "Wrong data", error)
        sys.exit(FAILED)
    except OSError as error:
        _report(console, "The system refused", error)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        console.print("interrupted; what was finished is kept")
        sys.exit(128 + signal.SIGINT)


def quote_path(argument: str, lists: Collection[str] = ()) -> str:
    """Quote the value of a path setting so that Hydra takes any character literally.

    The value of a setting in ``lists`` becomes a list of one path.

    A list of paths (``input=[a,b]``) is left to Hydra's grammar, unless a path of that very name
    exists.

    >>> quote_path("input=a, b=c")
    "input='a, b=c'"
    """
    match = re.fullmatch(
        rf"(\+?(?:{'|'.join(map(re.escape, PATH_KEYS))}))=(.*)", argument, re.DOTALL
    )
    if match is None:
        return argument
    key, value = match.groups()
    if value.startswith("[") and value.endswith("]") and not Path(value).exists():
        return argument
    value = re.sub(r"(\\*)\$\{", r"\1\1\\${", value)  # no interpolation; backslashes before it
    value = re.sub(r"(\\*)'", r"\1\1\\'", value)  # a quote, and the backslashes before it
    value = re.sub(r"(\\+)\Z", r"\1\1", value)
    return f"{key}=['{value}']" if key in lists else f"{key}='{value}'"


def print_help(name: str, about: str) -> None:
    """Show what the script does and every setting with its value and comment."""
    console = Console()
    console.print(escape(about.strip()), highlight=False, soft_wrap=True)
    text = (CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")
    defaults, _, settings = text.partition("\n\n")
    console.print(f"\n[bold]Settings[/] (configs/{name}.yaml; change one with key=value):\n")
    console.print(escape(settings.strip()), highlight=False, soft_wrap=True)
    used = re.findall(r"^  - (?!_self_)(\w+): \w+$", defaults, re.MULTILINE)
    if used:
        console.print("\n[bold]Choices[/] (group=name):")
    for group in used:
        folder = CONFIGS / ("experiments" if group == "experiment" else group)
        options = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
        console.print(f"  {group}: {escape(options)}", highlight=False)


def _report(console: Console, kind: str, error: Exception) -> None:
    text = str(error).strip()
    if isinstance(error, HydraException) and error.__cause__ is not None:
        text += f": {str(error.__cause__).strip().splitlines()[0]}"
    console.print(f"[bold red]{kind}:[/] {escape(text)}", highlight=False, soft_wrap=True)
