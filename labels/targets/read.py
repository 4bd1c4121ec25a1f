"""Targets as their files define them: one YAML file a target."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from labels.pipeline.errors import ConfigError
from labels.pipeline.safe_yaml import load_yaml
from labels.pipeline.schema import SENTIMENT_TASK
from labels.pipeline.settings import resolve
from labels.targets.settings import TargetSettings
from labels.targets.target import Context, Target


def load_target(path: Path) -> Target:
    """Read one target file.

    Raises:
        ConfigError: The file is missing or no YAML mapping, or a field is missing or wrong.
    """
    try:
        raw = load_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: expected a target file: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: expected YAML in UTF-8: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected a mapping, found {type(raw).__name__}")
    try:
        merged = OmegaConf.merge(OmegaConf.structured(TargetSettings), OmegaConf.create(raw))
        assert isinstance(merged, DictConfig)
        settings = resolve(merged, TargetSettings)
    except (ConfigError, OmegaConfBaseException) as error:
        raise ConfigError(f"{path}: {str(error).splitlines()[0]}") from error
    return Target(
        key=path.stem,
        name=settings.name,
        description=settings.description,
        kind=settings.kind,
        aliases=settings.aliases,
        ambiguous=settings.ambiguous,
        doubtful=settings.doubtful,
        exclusions=settings.exclusions,
        context=Context(**asdict(settings.context)) if settings.context else None,
    )


def load_targets(folder: Path, keys: Sequence[str]) -> tuple[Target, ...]:
    """Read ``folder/<key>.yaml`` for every key, in the order given.

    Raises:
        ConfigError: Some key has no file, is given twice, is that of another task, or its file is
            wrong; all are named.
    """
    problems: list[str] = []
    targets: list[Target] = []
    if not keys:
        problems.append("targets: expected at least one")
    if len(set(keys)) < len(keys):
        problems.append(f"targets: expected each once, got {list(keys)}")
    for key in keys:
        path = folder / f"{key}.yaml"
        if key == SENTIMENT_TASK.key:
            problems.append(f"targets: expected another name than {key!r}, which is a task itself")
        elif not path.is_file():
            known = sorted(file.stem for file in folder.glob("*.yaml"))
            problems.append(f"targets: unknown target {key!r}; {folder} has {known}")
        else:
            try:
                targets.append(load_target(path))
            except ConfigError as error:
                problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(targets)
