"""Answers that were given before: what an archive repeats is scored once."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from training.contract.records import Labels

if TYPE_CHECKING:
    from labels.targets import Mention
    from training.inference.scorer import Scorer


class Question(NamedTuple):
    """A sentence that waits for its answers: all that these depend on."""

    text: str
    mentions: list["Mention"]
    lang: str

    def key(self) -> str:
        """Give what tells it from other questions."""
        asked = json.dumps(self)
        return hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a question."""

    key: str  # of the question
    labels: Labels
    is_repeated: bool  # whether they were given before


class Memory:
    """A model that remembers its last answers.

    News agencies' articles stand in many outlets, and outlets repeat themselves. What is remembered
    depends on the questions and their order alone, so a run that learns what another one answered
    goes on as that one would have.
    """

    def __init__(
        self, model: "Scorer", batch_tokens: int, abstain_risk: float | None, most: int = 0
    ) -> None:
        """Ask a model.

        Args:
            model: An export.
            batch_tokens: As in `Scorer.__call__`.
            abstain_risk: As there.
            most: Answers that are remembered, those that were used last; 0: none.
        """
        self._ask = partial(model, batch_tokens=batch_tokens, abstain_risk=abstain_risk)
        self._most = most
        self._answers: OrderedDict[str, str] = OrderedDict()  # key -> labels, as JSON

    def learn(self, answers: Iterable[tuple[str, str]]) -> None:
        """Take answers of an earlier run: keys of questions and records as JSON, in order."""
        for key, record in answers:
            self._keep(key, record)
        for key, line in self._answers.items():
            record = json.loads(line)
            labels = {name: record[name] for name in Labels.__annotations__ if name in record}
            self._answers[key] = json.dumps(labels)

    def answer(self, questions: Sequence[Question]) -> list[Answered]:
        """Answer questions, in order."""
        keys = [question.key() for question in questions]
        if not self._most:
            labels = self._score(questions)
            return [Answered(*found, False) for found in zip(keys, labels, strict=True)]
        new = {
            key: question
            for key, question in zip(keys, questions, strict=True)
            if key not in self._answers
        }
        asked = self._score(list(new.values()))
        found = {key: json.dumps(labels) for key, labels in zip(new, asked, strict=True)}
        known = {key: self._answers[key] for key in keys if key not in found}
        answered = []
        for key in keys:
            is_repeated = key in known
            labels_of = known[key] if is_repeated else found[key]
            # A copy each, so that whoever changes one record changes no other.
            answered.append(Answered(key, json.loads(labels_of), is_repeated))
            known[key] = labels_of
            self._keep(key, labels_of)
        return answered

    def _score(self, questions: Sequence[Question]) -> list[Labels]:
        return self._ask(
            [question.text for question in questions],
            mentions=[question.mentions for question in questions],
            langs=[question.lang for question in questions],
        )

    def _keep(self, key: str, labels: str) -> None:
        self._answers[key] = labels
        self._answers.move_to_end(key)
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
