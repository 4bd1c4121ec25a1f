"""The edge between a script and its stage: Hydra app, readable help, clean errors."""

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import hydra
from hydra.core.config_store import ConfigStore
from hydra.errors import HydraException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from rich.console import Console
from rich.markup import escape

from labels.errors import ConfigError, DataError
from labels.settings import resolve

T = TypeVar("T")

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
OK, FAILED, BAD_USAGE = 0, 1, 2
# Values that are paths: quoted before Hydra's grammar sees them, which knows no Arabic letters,
# spaces, commas, brackets or equals signs, and takes digits for a number.
PATH_KEYS = ("input", "output", "model", "data_dir", "articles", "sentences", "gold")


def register(name: str, schema: type) -> None:
    """Make a dataclass known to Hydra as the schema ``name``, or ``group/name``."""
    group, _, short = name.rpartition("/")
    ConfigStore.instance().store(name=short, node=schema, group=group or None)


def run_stage(stage: Callable[[T], None], schema: type[T], script: str, about: str) -> None:
    """Compose the config named after the script, check it, and run the stage.

    Exits 0 when the stage is done, 1 when it failed, 2 when a setting is wrong. The config
    comes from ``configs/<stem of script>.yaml`` and the command line.

    Args:
        stage: Takes the checked settings.
        schema: Class of the settings.
        script: Path of the calling script.
        about: Its docstring, shown by ``--help``.
    """
    name = Path(script).stem
    console = Console(stderr=True)
    if {"-h", "--help"} & set(sys.argv[1:]):
        print_help(name, about)
        sys.exit(OK)
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # so that errors reach the handlers below
    sys.argv[1:] = [quote_path(argument) for argument in sys.argv[1:]]
    # DVC stops a run with SIGTERM; leaving by an exception lets temporary files be removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    @hydra.main(version_base="1.3", config_path=str(CONFIGS), config_name=name)
    def main(raw: DictConfig) -> None:
        stage(resolve(raw, schema))

    try:
        main()
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


def quote_path(argument: str) -> str:
    """Quote the value of a path setting so that Hydra takes any character literally.

    A list of paths (``input=[a,b]``) is left to Hydra's grammar, unless a path of that very name
    exists.

    >>> quote_path("input=a, b=c")
    "input='a, b=c'"
    """
    match = re.fullmatch(rf"(\+?(?:{'|'.join(PATH_KEYS)}))=(.*)", argument, re.DOTALL)
    if match is None:
        return argument
    key, value = match.groups()
    if value.startswith("[") and value.endswith("]") and not Path(value).exists():
        return argument
    value = re.sub(r"(\\*)'", r"\1\1\\'", value)  # a quote, and the backslashes before it
    value = re.sub(r"(\\+)$", r"\1\1", value).replace("${", "\\${")
    return f"{key}='{value}'"


def print_help(name: str, about: str) -> None:
    """Show what the script does and every setting with its value and comment."""
    console = Console()
    console.print(escape(about.strip()), highlight=False)
    file = CONFIGS / f"{name}.yaml"
    console.print(f"\n[bold]Settings[/] (configs/{name}.yaml; change one with key=value):\n")
    console.print(escape(file.read_text(encoding="utf-8").strip()), highlight=False)
    groups = sorted(path for path in CONFIGS.iterdir() if path.is_dir())
    console.print("\n[bold]Choices[/] (group=name):")
    for group in groups:
        options = ", ".join(sorted(path.stem for path in group.glob("*.yaml")))
        console.print(f"  {group.name}: {escape(options)}", highlight=False)


def _report(console: Console, kind: str, error: Exception) -> None:
    console.print(f"[bold red]{kind}:[/] {escape(str(error).strip())}", highlight=False)
