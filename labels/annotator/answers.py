"""What the model must answer, as a pydantic schema, and how an answer is read.

Nothing is believed: an answer that is cut, wrong, missing or given twice is a problem of its
sentence alone, with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from labels.annotator.settings import NEEDED, OptionOrder
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import Task

try:
    from pydantic import (
        BaseModel,
        BeforeValidator,
        ConfigDict,
        Field,
        ValidationError,
        create_model,
    )
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(f"{error}; {NEEDED}") from error

NUMBER = "n"  # the field that says which text an answer is about
_SHOWN = 160  # characters of a wrong answer in a message

Labels = Mapping[str, str]  # task -> class


@dataclass(frozen=True)
class Problem:
    """Why a sentence has no valid answer."""

    reason: str  # short code
    message: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the endpoint sent back for one request."""

    content: str | None
    refusal: str | None
    finish_reason: str | None
    prompt_tokens: int | None  # null where the endpoint does not count
    answer_tokens: int | None
    seconds: float


class _Envelope(BaseModel):
    """The outer object of an answer; its entries are checked one by one."""

    answers: list[Any]


def _lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class AnswerForm:
    """The form of an answer to some tasks."""

    def __init__(self, tasks: Sequence[Task], order: OptionOrder) -> None:
        """Build the schema.

        Raises:
            ConfigError: A target has the name of the field for numbers.
        """
        if any(task.key == NUMBER for task in tasks):
            raise ConfigError(
                f"targets: expected another name than {NUMBER!r}, which numbers texts"
            )
        self.tasks = tuple(tasks)
        self.classes = {
            task.key: task.classes[:: -1 if order is OptionOrder.reversed else 1] for task in tasks
        }
        # names of targets may be no names of fields (`copy`, `gaza-ceasefire`), so they are aliases
        fields: dict[str, Any] = {
            f"task_{place}": (
                Annotated[Literal[self.classes[task.key]], BeforeValidator(_lowered)],
                Field(
                    alias=task.key,
                    title=task.key,
                    # typing takes literals of another order for the same, and keeps the first
                    json_schema_extra={"enum": list(self.classes[task.key])},
                ),
            )
            for place, task in enumerate(tasks)
        }
        self._entry: type[BaseModel] = create_model(
            "Answer",
            __config__=ConfigDict(json_schema_extra={"additionalProperties": False}),
            number=(int, Field(alias=NUMBER, title=NUMBER)),
            **fields,
        )
        whole = create_model(
            "Answers",
            __config__=ConfigDict(json_schema_extra={"additionalProperties": False}),
            answers=(list[self._entry], ...),  # type: ignore[name-defined]  # made at run time
        )
        self.schema: dict[str, Any] = whole.model_json_schema(by_alias=True)

    def read(self, reply: Reply, n_texts: int) -> list[Labels | Problem]:
        """Read the reply to a request of ``n_texts`` texts; return a result for each, in order."""
        general = _general_problem(reply)
        if general is not None:
            return [general] * n_texts
        content = reply.content or ""
        try:
            entries = _Envelope.model_validate_json(_object_in(content)).answers
        except ValidationError as error:
            if reply.finish_reason == "length":
                problem = Problem("cut_answer", f"the answer ends at its limit: {_end(content)}")
            else:
                what = error.errors()[0]["msg"]
                problem = Problem("broken_answer", f"{what}; found {_shown(content)}")
            return [problem] * n_texts
        return self._by_number(entries, n_texts)

    def _by_number(self, entries: Sequence[Any], n_texts: int) -> list[Labels | Problem]:
        results: dict[int, Labels | Problem] = {}
        for entry in entries:
            number = _number_of(entry)
            if number is None or not 1 <= number <= n_texts:
                continue  # about no text: whose answer it was is missing one
            result = self._checked(entry)
            if number in results and results[number] != result:
                result = Problem("inconsistent_answer", f"two answers, one is {_shown(entry)}")
            results[number] = result
        missing = Problem("missing_answer", f"{len(results)} of {n_texts} texts have an answer")
        return [results.get(number, missing) for number in range(1, n_texts + 1)]

    def _checked(self, entry: object) -> Labels | Problem:
        try:
            values = self._entry.model_validate(entry).model_dump(by_alias=True)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            return Problem("wrong_label", f"{where}: {first['msg']}; found {_shown(entry)}")
        return {task.key: values[task.key] for task in self.tasks}


def _general_problem(reply: Reply) -> Problem | None:
    if reply.refusal or reply.finish_reason == "content_filter":
        told = _shown(reply.refusal or reply.content or "content filter")
        return Problem("refused", f"the model refused: {told}")
    if not (reply.content or "").strip():
        if reply.finish_reason == "length":
            return Problem("cut_answer", "the limit was reached before the answer began")
        return Problem("broken_answer", f"no content, finish_reason {reply.finish_reason!r}")
    return None


def _object_in(content: str) -> str:
    """Return what stands between the outer braces: models add fences, words, thoughts."""
    thoughts, mark, rest = content.rpartition("</think>")
    content = rest if mark else thoughts + rest
    start, end = content.find("{"), content.rfind("}")
    return content[start : end + 1] if 0 <= start < end else content


def _number_of(entry: object) -> int | None:
    number = entry.get(NUMBER) if isinstance(entry, dict) else None
    if isinstance(number, str) and number.strip().isdecimal():
        return int(number)
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _shown(value: object) -> str:
    return repr(value)[:_SHOWN]


def _end(content: str) -> str:
    return repr(content[-_SHOWN:])
