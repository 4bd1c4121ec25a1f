"""The content of ``annotation.json``, as ``annotate_sentences`` writes it."""

from typing import TypedDict


class Annotation(TypedDict):
    """What came of a run; sentences = passed_over + answered + rejected + left."""

    labeller: str
    model: str
    base_url: str
    prompts: dict[str, str]  # fingerprint of the prompt, by language
    sentences: int  # in the table
    passed_over: int  # not to be asked about: they name no target, or were not drawn
    answered: int
    rejected: int  # without a valid answer
    left: int  # not asked yet: the budget was spent
    votes: dict[str, dict[str, int]]  # votes, by task and class
    rejects: dict[str, int]  # sentences, by reason
