"""An export in which labelling functions answer, weighed by a label model fitted before."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from labels.functions import FUNCTIONS
from labels.functions.evidence import Evidence, Lexicons, look_up, named_at
from labels.functions.fingerprint import fingerprint
from labels.label_model.fitted import LabelModel, stratum_of
from labels.label_model.votes import ABSTAIN, NOT_ASKED
from labels.languages import LANGUAGES
from labels.languages.detect import judge
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from labels.pipeline.schema import SENTIMENT, STANCE, tasks_for
from labels.targets import Mention, targets_of, words_of
from training.contract.records import Labels, StanceAnswer
from training.export.artifact import ExportKind, RulesDescription, Variant, kind_of
from training.inference.description import read_export
from training.inference.explain import Explanation
from training.inference.leave_out import explain_by_leaving_out
from training.inference.processor import choose_variant
from training.inference.scorer import BATCH_TOKENS, Scorer, answer_of

if TYPE_CHECKING:
    from labels.functions import LabellingFunction

LABEL_MODEL_FILE = "label_model.json"  # by scheme, see `LabelModelRecord`
FORMS_FILE = "lexicon_forms.json"  # Russian words of the lexicons -> their forms and spaces


class RulesModel(Scorer):
    """Labelling functions with a fitted label model; whose stance it is they do not tell."""

    description: RulesDescription

    def __init__(self, folder: str | Path, threads: int = 0, variant: str = Variant.fp32) -> None:
        """Load the export and verify its checksums.

        Args:
            folder: Export folder.
            threads: As in `open_model`; rules need one.
            variant: As there.

        Raises:
            ConfigError: The folder is no export of rules, or holds no such variant.
            DataError: A file of it was changed or is missing, it is of another version, or of
                other labelling functions than this program has.
        """
        folder = Path(folder)
        found, self.export_hash = read_export(folder)
        if kind_of(found) is not ExportKind.rules:
            raise ConfigError(
                f"model: {folder}: expected an export of rules, found {kind_of(found)}"
            )
        self.description = cast(RulesDescription, found)
        self.variant = choose_variant(self.description, variant)
        _verify(folder, self.description)
        self.targets = [target["key"] for target in self.description["targets"]]
        self.tasks = tasks_for(self.targets)
        self._targets = {one.key: one for one in targets_of(self.description["targets"])}
        models = _read(folder / LABEL_MODEL_FILE)
        self._models = {name: LabelModel.from_json(model) for name, model in models.items()}
        self._functions: dict[str, list[LabellingFunction]] = {
            scheme: [FUNCTIONS[scheme][name] for name in model.labellers]
            for scheme, model in self._models.items()
        }
        forms = _read(folder / FORMS_FILE)
        self._lexicons = Lexicons({word: found.split() for word, found in forms.items()})

    def __call__(
        self,
        sentences: Sequence[str],
        batch_tokens: int = BATCH_TOKENS,
        mentions: Sequence[Sequence[Mention]] | None = None,
        langs: Sequence[str | None] | None = None,
        abstain_risk: float | None = None,
    ) -> list[Labels]:
        """Label sentences; see `Scorer`. Where the language is not known, it is detected."""
        told = [None] * len(sentences) if langs is None else langs
        known = [lang or judge(text, None).lang for text, lang in zip(sentences, told, strict=True)]
        if mentions is None:
            mentions = self._named_in(sentences, known)
        gathered = []
        for text, named, lang in zip(sentences, mentions, known, strict=True):
            words = words_of(text)
            own = named_at(words, named)
            gathered.append(look_up(words, lang or "", own, self._lexicons))
        stances = self._probabilities(STANCE.name, gathered)
        tones = self._probabilities(SENTIMENT.name, gathered)
        found = [
            Labels(
                stance=_stances(self.targets, rows), sentiment=answer_of(SENTIMENT.classes, tone)
            )
            for rows, (tone,) in zip(stances, tones, strict=True)
        ]
        if abstain_risk is not None:
            self._abstain(found, abstain_risk)
        return found

    def explain(self, sentence: str, target: str, lang: str | None = None) -> Explanation:
        """Tell which words carry the stance of a sentence; see `Scorer`.

        Each word is left out in turn, a name of the target like any other.
        """
        return explain_by_leaving_out(self, sentence, target, lang)

    def _probabilities(self, scheme: str, gathered: Sequence[Evidence]) -> NDArray[np.float64]:
        """Ask about the tasks of a scheme; shape ``(sentences, tasks, classes)``."""
        model = self._models[scheme]
        tasks = [task for task in self.tasks if task.scheme.name == scheme]
        functions = self._functions[scheme]
        shape = (len(gathered), len(tasks))
        votes = np.full((*shape, len(functions)), NOT_ASKED, np.int8)
        strata, groups = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for number, evidence in enumerate(gathered):
            groups[number] = _group(model, evidence.lang)
            for place, task in enumerate(tasks):
                question = evidence.about(self._targets.get(task.key))
                strata[number, place] = model.strata.index(
                    stratum_of(task.key, bool(question.mentions))
                )
                for column, function in enumerate(functions):
                    if function.applies_to(question):
                        label = function.vote(question)
                        vote = ABSTAIN if label is None else model.classes.index(label.value)
                        votes[number, place, column] = vote
        found = model.posterior(
            votes.reshape(-1, len(functions)), groups.reshape(-1), strata.reshape(-1)
        )
        return found.reshape(*shape, -1)


def _group(model: LabelModel, lang: str) -> int:
    """Number the language of a sentence; the last group is that of all others."""
    return model.groups.index(lang) if lang in LANGUAGES else len(model.groups) - 1


def _stances(targets: Sequence[str], probabilities: NDArray[np.float64]) -> dict[str, StanceAnswer]:
    answers = (answer_of(STANCE.classes, row) for row in probabilities)
    return {
        target: StanceAnswer(label=answer["label"], probabilities=answer["probabilities"])
        for target, answer in zip(targets, answers, strict=True)
    }


def _verify(folder: Path, description: RulesDescription) -> None:
    sums = description.get("sha256", {})
    for name in (LABEL_MODEL_FILE, FORMS_FILE):
        if not (folder / name).is_file():
            raise DataError(f"{folder / name}: expected a file of the export, found none")
        found = sha256_of(folder / name)
        if found != sums.get(name):
            raise DataError(f"{folder / name}: expected SHA-256 {sums.get(name)}, found {found}")
    if description["fingerprint"] != fingerprint():
        raise DataError(
            f"{folder}: expected an export of the labelling functions of this program, found one "
            "of others, whose errors it knows; run export_rules again"
        )


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(path.read_text(encoding="utf-8"))
