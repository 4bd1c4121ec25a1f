"""The edge between a script and its stage: Hydra app, readable help, clean errors."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import hydra
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.singleton import Singleton
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict, read_write
from omegaconf.errors import OmegaConfBaseException
from rich.console import Console
from rich.markup import escape

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.settings import Settings, resolve

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
EXPERIMENTS = CONFIGS / "experiments"
OK, FAILED, BAD_USAGE = 0, 1, 2
# Hydra's defaults print to standard output and leave a folder where the caller stands.
QUIET = [
    "hydra.run.dir=.",
    "hydra.output_subdir=null",
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
]


@dataclass(frozen=True)
class Stage:
    """What a script declares: its settings, and the module whose function bears its name.

    The module is imported once the settings are known to be right, so help and wrong settings do
    not wait for it.
    """

    script: str  # the script's file; its stem names the config and the function
    settings: type[Settings]
    module: str

    @property
    def name(self) -> str:
        """The stem that script, config and function share."""
        return Path(self.script).stem

    def function(self) -> Callable[[Any], None]:
        """Import the stage's module and return its function."""
        function: Callable[[Any], None] = getattr(import_module(self.module), self.name)
        return function

    def main(self, about: str | None) -> None:
        """Run the stage from the command line; ``about`` is the script's docstring, for help.

        Exits with 0 when the stage finished, 1 when data or the system stopped it, 2 on a wrong
        setting.
        """
        is_first = os.environ.get("RANK", "0") == "0"  # of the processes that torchrun starts
        console = Console(stderr=True, quiet=not is_first)
        if not CONFIGS.is_dir():
            console.print(
                f"expected the configs in {CONFIGS}; pip install --editable '.[serve]'",
                markup=False,
            )
            sys.exit(BAD_USAGE)
        if {"-h", "--help"} & set(sys.argv[1:]):
            print_help(self.name, about or "")
            sys.exit(OK)
        os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # so that errors reach the handlers below
        # DVC stops a run with SIGTERM; leaving by an exception lets temporary files be removed.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            keys = literal_keys(self.settings)
            sys.argv[1:] = QUIET + [quote_literal(argument, keys) for argument in sys.argv[1:]]
            register(self)
            for settings in self._compose():
                self.function()(settings)
        except (ConfigError, HydraException, OmegaConfBaseException) as error:
            _report(console, "Wrong setting", error)
            console.print(f"  see: python scripts/{self.name}.py --help", highlight=False)
            sys.exit(BAD_USAGE)
        except ModuleNotFoundError as error:
            _report(console, "Not installed", error)
            see = f"  see: pip install --editable '.[{_extra_with(error.name)}]'"
            console.print(see, markup=False, highlight=False)
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

    def _compose(self) -> list[Settings]:
        """Let Hydra compose the settings; none after one of its flags, such as ``--info``."""
        composed: list[Settings] = []

        @hydra.main(version_base="1.3", config_path=str(CONFIGS), config_name=self.name)
        def main(raw: DictConfig) -> None:
            try:
                composed.append(resolve(raw, self.settings))
            except ConfigError as error:
                problems.append(error)  # past Hydra, which would print a line of its own

        problems: list[ConfigError] = []
        main()
        for problem in problems:
            raise problem
        return composed


def compose_config(stage: Stage, overrides: Sequence[str]) -> DictConfig:
    """Compose the config of a stage as its script does, in a process of another purpose.

    Interpolations are resolved, values are not checked, and Hydra's global state stays as it was.

    Raises:
        ConfigError: An experiment is wrong, or a path is empty.
        HydraException: An override does not fit.
    """
    state = Singleton.get_state()
    try:
        register(stage)
        keys = literal_keys(stage.settings)
        with initialize_config_dir(str(CONFIGS), version_base="1.3"):
            given = [quote_literal(override, keys) for override in overrides]
            raw = compose(stage.name, given, return_hydra_config=True)
        HydraConfig.instance().set_config(raw)  # paths ask for the chosen experiment
        with read_write(raw), open_dict(raw):
            del raw["hydra"]
        OmegaConf.resolve(raw)
        return raw
    finally:
        Singleton.set_state(state)


def register(stage: Stage) -> None:
    """Make a stage's schemas and the experiments known to Hydra.

    The settings are the config ``schema``. A field that is settings itself, and whose name is a
    folder of ``configs/``, is a config group: its class is ``<field>/schema``, or, where it has
    kinds, each kind ``<field>/<kind>_schema``.

    An experiment is one file with a section for each stage that it changes; the section of this
    stage becomes the option ``experiment=<file name>``, laid over the stage's config and under the
    command line.

    Raises:
        ConfigError: An experiment is no mapping, or has a section that is no stage.
    """
    store = ConfigStore.instance()
    store.store(name="schema", node=stage.settings)
    for name, options in groups_of(stage.settings).items():
        for option, schema in options.items():
            store.store(name=option, node=schema, group=name)
    for path in sorted(EXPERIMENTS.glob("*.yaml")):
        sections = read_experiment(path)
        store.store(
            name=path.stem,
            node=sections.get(stage.name) or {},
            group="experiment",
            package="_global_",
        )


def read_experiment(path: Path) -> DictConfig:
    """Read an experiment file: sections by stage; a stage without one is not changed.

    Raises:
        ConfigError: It is no mapping, or has a section that is no stage.
    """
    sections = OmegaConf.load(path)
    if not isinstance(sections, DictConfig):
        raise ConfigError(f"{path}: expected a mapping of stages, found a list")
    known = sorted(config.stem for config in CONFIGS.glob("*.yaml"))
    odd = [str(name) for name in sections.keys() - set(known)]
    if odd:
        raise ConfigError(
            f"{path}: expected sections among {', '.join(known)}, found {', '.join(odd)}"
        )
    return sections


def groups_of(schema: type[Settings]) -> dict[str, dict[str, type[Settings]]]:
    """List the config groups of a stage's settings: field -> option -> class; see `register`."""
    groups = {}
    for name, kind in get_type_hints(schema).items():
        if isinstance(kind, type) and issubclass(kind, Settings) and (CONFIGS / name).is_dir():
            kinds = {f"{option.KIND}_schema": option for option in _kinds_of(kind)}
            groups[name] = kinds or {"schema": kind}
    return groups


def _kinds_of(schema: type[Settings]) -> list[Any]:
    return [kind for kind in schema.__subclasses__() if hasattr(kind, "KIND")]


@dataclass(frozen=True)
class Literal:
    """What the value of a literal setting becomes."""

    is_list: bool = False  # one value is a list of one
    is_optional: bool = False  # ``null`` stays null


def literal_keys(schema: type[Settings], prefix: str = "") -> dict[str, Literal]:
    """List the settings whose value may hold any character: paths, and texts declared so.

    Hydra's grammar knows no Arabic letters, spaces, commas, brackets or equals signs, and takes
    digits for a number.

    Returns:
        By dotted key.
    """
    keys: dict[str, Literal] = {}
    hints = get_type_hints(schema)
    for setting in fields(schema):  # type: ignore[arg-type]  # every subclass is a dataclass
        kind, name = hints[setting.name], f"{prefix}{setting.name}"
        arguments = get_args(kind)
        if kind is Path or Path in arguments or setting.metadata.get("literal"):
            keys[name] = Literal(get_origin(kind) is list, NoneType in arguments)
        elif isinstance(kind, type) and issubclass(kind, Settings):
            for option in (kind, *_kinds_of(kind)):
                keys |= literal_keys(option, f"{name}.")
    return keys


def quote_literal(argument: str, keys: Mapping[str, Literal]) -> str:
    """Quote the value of a setting in ``keys`` so that Hydra takes any character literally.

    The value of a list becomes a list of one. A list of paths (``input=[a,b]``) is left to Hydra's
    grammar, unless a path of that very name exists; where the grammar does not take it, what
    stands between its commas is quoted.

    >>> quote_literal("input=a, b=c", {"input": Literal()})
    "input='a, b=c'"
    >>> quote_literal("input=[a b,c=d]", {"input": Literal(is_list=True)})
    "input=['a b','c=d']"

    Raises:
        ConfigError: The value is empty.
    """
    match = re.fullmatch(r"(\+{0,2})([\w.]+)=(.*)", argument, re.DOTALL)
    if match is None:
        return argument
    plus, key, value = match.groups()
    kind = keys.get(key)
    if kind is None or (kind.is_optional and value == "null"):
        return argument
    if not value.strip():
        raise ConfigError(f"{key}: expected a value, got {value!r}")
    if not kind.is_list:
        return f"{plus}{key}={_quoted(value)}"
    if not (value.startswith("[") and value.endswith("]")) or Path(value).exists():
        return f"{plus}{key}=[{_quoted(value)}]"
    if _is_hydra(argument):
        return argument
    return f"{plus}{key}=[{','.join(_quoted(part.strip()) for part in value[1:-1].split(','))}]"


def _is_hydra(argument: str) -> bool:
    """Whether Hydra's grammar takes an argument."""
    try:
        OverridesParser.create().parse_override(argument)
    except HydraException:
        return False
    return True


def _quoted(value: str) -> str:
    value = re.sub(r"(\\*)\$\{", r"\1\1\\${", value)  # no interpolation; backslashes before it
    value = re.sub(r"(\\*)'", r"\1\1\\'", value)  # a quote, and the backslashes before it
    value = re.sub(r"(\\+)\Z", r"\1\1", value)
    return f"'{value}'"


def print_help(stage: str, about: str) -> None:
    """Show what the script does and every setting with its value and comment."""
    console = Console()
    console.print(escape(about.strip()), highlight=False, soft_wrap=True)
    text = (CONFIGS / f"{stage}.yaml").read_text(encoding="utf-8")
    defaults, _, settings = text.partition("\n\n")
    console.print(f"\n[bold]Settings[/] (configs/{stage}.yaml; change one with key=value):\n")
    console.print(escape(settings.strip()), highlight=False, soft_wrap=True)
    used = list(_groups_in(defaults))
    if used:
        console.print("\n[bold]Choices[/] (group=name):")
    for group, chosen in used:
        folder = EXPERIMENTS if group == "experiment" else CONFIGS / group
        options = sorted(path.stem for path in folder.glob("*.yaml"))
        marked = ", ".join(f"[bold]{name}[/]" if name == chosen else name for name in options)
        console.print(f"  {group}: {marked}", highlight=False)


def _groups_in(defaults: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"^  - (?!_self_)(\w+): (\w+|\?\?\?)$", defaults, re.MULTILINE):
        yield match[1], match[2]


def _report(console: Console, kind: str, error: Exception) -> None:
    text = str(error).strip()
    if isinstance(error, HydraException) and error.__cause__ is not None:
        text += f": {str(error.__cause__).strip().splitlines()[0]}"
    console.print(f"[bold red]{kind}:[/] {escape(text)}", highlight=False, soft_wrap=True)


def _extra_with(module: str | None) -> str:
    """Name the extra that installs a module, by its top-level name; ``train`` where none says."""
    wanted = (module or "").partition(".")[0].lower()
    try:
        declared = requires("sikap") or []
    except PackageNotFoundError:  # a checkout that was not installed
        declared = []
    for line in declared:
        found = re.match(r"([\w.-]+).*extra == ['\"](\w+)['\"]", line)
        if found and re.sub(r"[-.]", "_", found[1]).lower() == wanted:
            return found[2]
    return "train"
