"""Ask the labelling functions about sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labels.functions.evidence import Evidence, gather
from labels.functions.registry import LabellingFunction
from labels.pipeline.schema import Task
from labels.pipeline.tables import Row
from labels.targets import Matcher, Target, places


@dataclass(frozen=True, slots=True)
class Vote:
    """What a labeller said when it was asked."""

    task: Task
    labeller: str
    label: str | None  # None: it abstained


def gather_article(sentences: Sequence[Row], matcher: Matcher) -> Iterator[Evidence]:
    """Gather the evidence of every sentence of an article; a dateline names no target.

    Args:
        sentences: Rows of the table ``sentences``, in reading order.
        matcher: Finds the mentions.
    """
    texts, kinds, langs = (
        [sentence[column] for sentence in sentences] for column in ("text", "kind", "lang")
    )
    for text, lang, place in zip(texts, langs, places(texts, kinds, langs), strict=True):
        yield gather(text, lang, matcher, place)


def ask(
    evidence: Evidence,
    tasks: Sequence[Task],
    targets: Mapping[str, Target],
    functions: Mapping[str, Sequence[LabellingFunction]],
) -> Iterator[Vote]:
    """Ask about one sentence; a function that does not apply to it is not asked.

    Args:
        evidence: The sentence.
        tasks: The questions, in order.
        targets: By key; a task without a target is about the sentence as a whole.
        functions: By scheme, in order.

    Yields:
        One vote a task and function that was asked.
    """
    for task in tasks:
        question = evidence.about(targets.get(task.key))
        for function in functions.get(task.scheme.name, ()):
            if function.applies_to(question):
                label = function.vote(question)
                yield Vote(task, function.name, None if label is None else label.value)
