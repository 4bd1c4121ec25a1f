"""Ask the labelling functions about sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labels.functions.evidence import Evidence, gather
from labels.functions.registry import LabellingFunction
from labels.languages.dateline import dateline_end
from labels.pipeline.schema import SentenceKind, Task
from labels.pipeline.tables import Row
from labels.targets import Matcher, Target

_NEIGHBOURS = 40  # sentences before and after that may settle an ambiguous name


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
    texts = [sentence["text"] for sentence in sentences]
    has_title = bool(sentences) and sentences[0]["kind"] == SentenceKind.title
    opening = next((i for i, row in enumerate(sentences) if row["kind"] == SentenceKind.body), None)
    for position, sentence in enumerate(sentences):
        text, lang = sentence["text"], sentence["lang"]
        start = dateline_end(text, lang) if position == opening else 0
        yield gather(text, lang, matcher, _around(texts, has_title, position), start)


def _around(texts: Sequence[str], has_title: bool, position: int) -> list[str]:
    """Give an article's other sentences: back to its beginning, its title, then onwards."""
    before = list(reversed(texts[max(0, position - _NEIGHBOURS) : position]))
    title = [texts[0]] if position and has_title else []
    return [*before, *title, *texts[position + 1 : position + 1 + _NEIGHBOURS]]


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
