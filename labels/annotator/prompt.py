"""The messages of a request: instructions, guidelines, targets, examples, and then the texts.

A text never becomes an instruction: it stands in the last message alone, as a string of a JSON
document, in which the characters that open a control token (``<|im_start|>``, ``[INST]``) are
escaped. What a text says changes nothing but that string.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from labels.annotator.answers import NUMBER, AnswerForm
from labels.annotator.examples import GoldSentence, choose_examples, read_gold_sentences
from labels.annotator.guidelines import examples_in, guidelines_for, read_guidelines
from labels.annotator.settings import PromptLanguage, PromptSettings, Wording
from labels.letters import normalize
from labels.pipeline.data_file import read_data
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SENTIMENT_TASK, tasks_for
from labels.targets.read import load_targets
from labels.targets.target import Phrases, Target
from labels.targets.terms import cut_term

Message = dict[str, str]

_ENGLISH = "en"
_CONTROL = re.compile("[<>\\[\\]\ud800-\udfff]")  # half of a surrogate pair cannot be sent
_GRAMMAR = re.compile(r"[=!\"]")  # of the phrases of targets: how a word may be inflected


@dataclass(frozen=True)
class Prompt:
    """What is sent before the texts, for one language."""

    system: str
    shown: tuple[Message, ...]  # a request with examples, and its answer
    schema: Mapping[str, Any]  # of an answer

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything the model is told beside the texts."""
        parts = json.dumps([self.system, self.shown, self.schema])
        return hashlib.sha256(parts.encode()).hexdigest()[:16]

    def messages(self, texts: Sequence[str]) -> list[Message]:
        """Return the messages of a request about some texts, which are numbered from 1."""
        return [
            {"role": "system", "content": self.system},
            *self.shown,
            {"role": "user", "content": document(texts)},
        ]


def document(texts: Sequence[str]) -> str:
    """Write texts as a JSON document that none of them can leave."""
    entries = [f'{{"{NUMBER}": {n}, "text": {_quoted(text)}}}' for n, text in enumerate(texts, 1)]
    return f'{{"texts": [{", ".join(entries)}]}}'


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


class Prompts:
    """The prompts of all languages."""

    def __init__(self, settings: PromptSettings) -> None:
        """Read targets, guidelines and examples.

        Raises:
            ConfigError: A file is missing or wrong, or a wording does not exist in a language.
            DataError: A gold file cannot be read.
        """
        self.settings = settings
        self.targets = load_targets(settings.target_folder, settings.targets)
        self.form = AnswerForm(tasks_for(settings.targets), settings.option_order)
        self._guidelines = read_guidelines(settings.guidelines)
        known = sorted(path.stem for path in settings.target_folder.glob("*.yaml"))
        self._passed_over = set(known) - set(settings.targets)
        self._examples: dict[str, list[GoldSentence]] = {}
        if settings.examples:
            gold, _ = read_gold_sentences(settings.example_gold, settings.targets, known)
            tasks = self.form.tasks
            self._examples = choose_examples(gold, tasks, settings.examples, settings.seed)
        self._prompts: dict[str, Prompt] = {}

    def for_language(self, lang: str) -> Prompt:
        """Return the prompt for sentences of a language."""
        if lang not in self._prompts:
            self._prompts[lang] = self._make(lang)
        return self._prompts[lang]

    @cached_property
    def told(self) -> frozenset[str]:
        """The texts, as `plain` writes them, whose labels the model is told."""
        examples = {example.text for rows in self._examples.values() for example in rows}
        return frozenset(plain(text) for text in examples | examples_in(self._guidelines))

    def _make(self, lang: str) -> Prompt:
        words = _words(self.settings.language, self.settings.wording, lang)
        stance, sentiment = self.settings.targets[0], SENTIMENT_TASK.key
        parts = [
            words["role"],
            words["data"],
            f"# {words['targets']}",
            "\n".join(self._described(target, lang, words) for target in self.targets),
            words["stances"].format(classes=", ".join(self.form.classes[stance])),
            words["sentiments"].format(classes=", ".join(self.form.classes[sentiment])),
            f"# {words['guidelines']}",
            guidelines_for(self._guidelines, lang, self._passed_over),
            words["answer"].format(form=self._form()),
        ]
        return Prompt("\n\n".join(parts), self._shown(lang), self.form.schema)

    def _form(self) -> str:
        """Write the form of an answer as an example that is none: classes stand for a class."""
        fields = {NUMBER: 1} | {key: "|".join(names) for key, names in self.form.classes.items()}
        return json.dumps({"answers": [fields]})

    def _described(self, target: Target, lang: str, words: Mapping[str, str]) -> str:
        line = f"- {target.key}: {target.name}. {target.description}"
        for what, groups in (
            ("names", (target.aliases, target.ambiguous)),
            ("never", (target.exclusions,)),
        ):
            names = [name for phrases in groups for name in _names(phrases, lang)]
            if names[: self.settings.names]:
                line += f" ({words[what]}: {'; '.join(names[: self.settings.names])})"
        return line

    def _shown(self, lang: str) -> tuple[Message, ...]:
        examples = self._examples.get(lang, [])
        if not examples:
            return ()
        answers = [
            {NUMBER: n} | {task.key: example.labels[task.key] for task in self.form.tasks}
            for n, example in enumerate(examples, start=1)
        ]
        return (
            {"role": "user", "content": document([example.text for example in examples])},
            {"role": "assistant", "content": json.dumps({"answers": answers})},
        )


def plain(text: str) -> str:
    """Write a text so that copies of it are equal, however letters and spaces are written."""
    return " ".join(normalize(text).split())


def _names(phrases: Phrases, lang: str) -> list[str]:
    """Turn the phrases of a target's file into names for readers."""
    return [
        _GRAMMAR.sub("", cut_term(phrase)[0]).replace(" .. ", " ... ").replace("|", "/")
        for phrase in phrases.get(lang, ())
    ]


def _words(language: PromptLanguage, wording: Wording, lang: str) -> Mapping[str, str]:
    wordings = read_data(Path(__file__).parent, "wordings")
    own = language is PromptLanguage.sentence and lang != _ENGLISH
    of_language = wordings.get(lang if own else PromptLanguage.english.value, {})
    if wording.value not in of_language:
        raise ConfigError(
            f"prompt: labels/annotator/wordings.yaml has no {wording.value} wording for {lang!r}; "
            "expected language=english, or a wording that is there"
        )
    found: Mapping[str, str] = of_language[wording.value]
    return found
