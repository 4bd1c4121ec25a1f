"""Ask the labelling functions about sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from labels.functions.evidence import Evidence, gather
from labels.functions.registry import LabellingFunction
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import Task
from labels.targets import Matcher, Target, places


@dataclass(frozen=True, slots=True)
class Vote:
    """What a labeller said when it was asked."""

    task: Task
    labeller: str
    label: str | None  # None: it abstained


def gather_article(
    texts: Sequence[str],
    kinds: Sequence[str],
    langs: Sequence[str],
    matcher: Matcher,
    published: str | None = None,
) -> Iterator[Evidence]:
    """Gather the evidence of every sentence of an article; a dateline names no target.

    Args:
        texts: The sentences, in reading order.
        kinds: Of each, a `SentenceKind`.
        langs: Of each.
        matcher: Finds the mentions.
        published: ISO date of the article; None where it is not known.
    """
    where = places(texts, kinds, langs, published)
    for text, lang, place in zip(texts, langs, where, strict=True):
        yield gather(text, lang, matcher, place)


class _Member(NamedTuple):
    """A function, with the number of each answer that it may give on a task."""

    function: LabellingFunction
    numbers: Mapping[str | None, int]


class Panel:
    """Labelling functions that are asked together.

    ``votes`` lists all that they may answer, by task, then by function; an answer is its number
    there.
    """

    def __init__(
        self,
        tasks: Iterable[Task],
        targets: Mapping[str, Target],
        functions: Mapping[str, Sequence[LabellingFunction]],
    ) -> None:
        """Take the questions and those who answer.

        Args:
            tasks: The questions, in order.
            targets: By key; a task without a target is about the sentence as a whole.
            functions: By scheme, in order.
        """
        self.votes: list[Vote] = []
        self._tasks: list[_Asked] = []
        for task in tasks:
            members = [self._member(task, one) for one in functions.get(task.scheme.name, ())]
            self._tasks.append(_Asked(targets.get(task.key), members))

    def _member(self, task: Task, function: LabellingFunction) -> _Member:
        numbers = {label: len(self.votes) + n for n, label in enumerate((None, *task.classes))}
        self.votes += [Vote(task, function.name, label) for label in numbers]
        return _Member(function, numbers)

    def ask(self, evidence: Evidence) -> Iterator[int]:
        """Ask about one sentence; a function that does not apply to it is not asked.

        Yields:
            The number of an answer for each task and function that was asked, in order.

        Raises:
            ConfigError: A function answers with what is no class of the task.
        """
        for task in self._tasks:
            question = evidence.about(task.target)
            for function, numbers in task.members_for(question):
                label = function.vote(question)
                number = numbers.get(label)
                if number is None:
                    known = ", ".join(name for name in numbers if name)
                    raise ConfigError(
                        f"labelling function {function.name!r}: expected one of {known}, or None "
                        f"where it abstains, got {label!r}"
                    )
                yield number


class _Asked:
    """A task, with the functions of its scheme."""

    def __init__(self, target: Target | None, members: Sequence[_Member]) -> None:
        self.target = target
        self._members = members
        self._applying: dict[tuple[bool, bool], list[_Member]] = {}

    def members_for(self, question: Evidence) -> list[_Member]:
        """List the functions that apply to a question about the target.

        That hangs on no more than whether the target is named and the language has a lexicon.
        """
        kind = bool(question.mentions), question.has_lexicon
        if kind not in self._applying:
            self._applying[kind] = [
                member for member in self._members if member.function.applies_to(question)
            ]
        return self._applying[kind]
