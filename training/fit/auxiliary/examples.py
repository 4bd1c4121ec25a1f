"""Read a set that ``read_suite`` has written, without what dev and test are scored on."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from labels.letters.normal import normalize
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import SCHEMES, SENTIMENT, STANCE, Scheme, Task
from labels.pipeline.tables import Row, iterate_table
from training.data.examples import Examples, labels_of, tokenize_examples
from training.fit.auxiliary.records import BETWEEN, SuiteRecord, files_of
from training.fit.auxiliary.settings import AuxiliarySettings

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class AuxiliarySet:
    """A set to learn from besides: its rows, and the tasks that its labels answer."""

    settings: AuxiliarySettings
    about: SuiteRecord
    rows: list[Row]
    n_left_out: int  # as their text is in dev or test

    @property
    def key(self) -> str:
        """Names the set."""
        return self.settings.suite

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, in the order of the logits, with the set's own classes."""
        schemes = {
            scheme.name: Scheme(scheme.name, tuple(self.about["classes"][scheme.name]))
            for scheme in SCHEMES
            if scheme.name in self.about["classes"]
        }
        return tuple(
            Task(key, scheme)
            for name, scheme in schemes.items()
            for key in ([name] if name == SENTIMENT.name else self._targets())
        )

    def questions(self, sentiment_question: str) -> list[str]:
        """Give the text that stands for each task.

        Args:
            sentiment_question: Of the classifier.
        """
        described = {target["key"]: target["description"] for target in self.about["targets"]}
        return [
            sentiment_question if task.scheme.name == SENTIMENT.name else described[task.key]
            for task in self.tasks
        ]

    def examples(self, tokenizer: Tokenizer, prefix: str) -> Examples:
        """Tokenise the rows; see `tokenize_examples`."""
        return tokenize_examples(self.rows, self.tasks, tokenizer, prefix)

    def _targets(self) -> list[str]:
        return [target["key"] for target in self.about["targets"]]


def read_auxiliary(
    chosen: Sequence[AuxiliarySettings], folder: Path, scored: Iterable[str]
) -> list[AuxiliarySet]:
    """Read the chosen sets.

    Args:
        chosen: In the order of the settings.
        folder: Holds a folder of each, see `files_of`.
        scored: Texts of dev and test. A sentence with the same words is left out.

    Raises:
        ConfigError: There is no such set.
        DataError: A set lacks a class of its labels, or nothing of it is left.
    """
    if not chosen:
        return []
    taken = {_words(text) for text in scored}
    return [_read(one, folder, taken) for one in chosen]


def _read(chosen: AuxiliarySettings, folder: Path, taken: set[tuple[str, ...]]) -> AuxiliarySet:
    files = files_of(folder, chosen.suite)
    for path in files.values():
        if not path.is_file():
            raise ConfigError(
                f"auxiliary: expected {chosen.suite} in {folder}, found no {path}; run `python "
                f"scripts/read_suite.py suite={chosen.suite} data_dir=FOLDER "
                f"output={folder / chosen.suite}`"
            )
    about: SuiteRecord = json.loads(files["about"].read_text(encoding="utf-8"))
    rows = list(iterate_table(files["examples"], "splits"))
    kept = [
        row for row in rows if not any(_words(part) in taken for part in row["text"].split(BETWEEN))
    ]
    _check_classes(kept, about, files["examples"])
    return AuxiliarySet(chosen, about, kept, len(rows) - len(kept))


def _check_classes(rows: Sequence[Row], about: SuiteRecord, path: Path) -> None:
    """Check that each class of the set's labels has an example."""
    found: dict[str, set[str]] = {scheme.name: set() for scheme in SCHEMES}
    for row in rows:
        for key, label in labels_of(row).items():
            scheme = SENTIMENT if key == SENTIMENT.name else STANCE
            found[scheme.name].add(label["label"])
    for name, classes in about["classes"].items():
        if missing := [one for one in classes if one not in found[name]]:
            raise DataError(
                f"{path}: {name}: expected sentences of each of {', '.join(classes)}, "
                f"found none of {', '.join(missing)}"
            )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normalize(text).casefold()))
