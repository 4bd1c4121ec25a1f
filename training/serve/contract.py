"""What a request may hold: read from JSON, checked, and every mistake named with its place."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from training.serve.errors import Problem, shown

_WORD = 2_000  # characters of a title, an address or a name; each record repeats it
_LARGEST = 9 * 10**18  # fits in 64 bits, and JSON of any reader says it exactly
_PROBLEMS = 10  # named in one message
_EXPLAINED = 600  # characters: for each word of a sentence all of it is scored again
_OUTER = {"articles": 3, "sentences": 2}  # parts of a place that lead to a field, or an entry

M = TypeVar("M", bound=BaseModel)


def _whole(value: object) -> object:
    """Make 3.0 an integer, as JSON Schema takes it for one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Word = Annotated[str, Field(max_length=_WORD)]
Integer = Annotated[int, BeforeValidator(_whole), Field(ge=-_LARGEST, le=_LARGEST)]


class Article(BaseModel):
    """An article as it is, with its clutter: cleaned, and split into sentences."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str | None = Field(None, description="Plain text, text with markup, or a whole page.")
    title: Word | None = None
    id: Word | Integer | None = Field(
        None, description="Stands in its records; else its place, such as `articles:0`."
    )
    lang: Word | None = Field(None, description="Code of its language; else detected.")
    source: Word | None = Field(None, description="Outlet.")
    url: Word | None = None
    published: Word | None = Field(None, description="Date, as written.")


class PredictRequest(BaseModel):
    """Sentences, which are taken as they are, and articles; at least one of them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sentences: list[str] = Field([], description="Plain text, one sentence each.")
    articles: list[Article] = []
    abstain_risk: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Share of the answers of a label that may be wrong: less sure ones are marked.",
    )
    source: Word | None = Field(None, description="Outlet of every article that names none.")


class ExplainRequest(BaseModel):
    """A sentence, and the target whose stance in it is to be explained."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sentence: str = Field(
        description=f"Plain text of at most {_EXPLAINED} characters, with a word in it.",
        json_schema_extra={"pattern": r"\S"},
    )
    target: Word = Field(description="Key of a target of the export.")
    lang: Word | None = Field(None, description="Code of its language, where it is known.")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one request may hold."""

    max_items: int
    max_characters: int


def read_request(content: bytes, limits: Limits) -> PredictRequest:
    """Read the body of a request to label.

    Raises:
        Problem: It is no JSON, too much, or not what was expected.
    """
    values = _object(content)
    lists = {name: values[name] for name in _OUTER if isinstance(values.get(name), list)}
    if (found := sum(map(len, lists.values()))) > limits.max_items:
        raise _too_large(f"body: expected at most {limits.max_items:,} items, found {found:,}")
    _check_names(values)
    request = _validated(PredictRequest, values)
    if not request.sentences and not request.articles:
        raise _wrong("body: expected at least one entry in sentences or articles, found none")
    _check_lengths(request, limits.max_characters)
    return request


def read_question(content: bytes) -> ExplainRequest:
    """Read the body of a request to explain.

    Raises:
        Problem: It is no JSON, too much, or not what was expected.
    """
    values = _object(content)
    _check_names(values)
    request = _validated(ExplainRequest, values)
    if (found := len(request.sentence)) > _EXPLAINED:
        raise _too_large(f"sentence: expected at most {_EXPLAINED:,} characters, found {found:,}")
    return request


def _object(content: bytes) -> dict[str, Any]:
    values = _parse(content)
    if not isinstance(values, dict):
        raise _wrong(f"body: expected an object, found {_kind(values)}")
    return values


def _validated(kind: type[M], values: dict[str, Any]) -> M:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _wrong(_told(error, kind)) from None


def _parse(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        found = f"0x{content[error.start]:02x} at byte {error.start}"
        raise Problem(400, "broken_utf8", f"body: expected UTF-8, found {found}") from None
    except json.JSONDecodeError as error:
        found = f"{error.msg} at line {error.lineno} column {error.colno}"
        raise _broken(found) from None
    except ValueError as error:  # a number of thousands of digits, or none at all
        raise _broken(str(error)) from None
    except RecursionError:
        raise _broken("endless nesting") from None


def _refuse(constant: str) -> NoReturn:
    """Refuse what Python's reader takes for a number, and JSON does not know."""
    raise ValueError(f"{constant}, which JSON does not know")


def _check_names(values: dict[str, Any]) -> None:
    """Refuse names that are no text; in an article it is the one that is a reject, as in files."""
    articles = values.get("articles")
    objects = (
        [one for one in articles if isinstance(one, dict)] if isinstance(articles, list) else []
    )
    for name in (*values, values.get("source"), *(name for one in objects for name in one)):
        try:
            str(name).encode()
        except UnicodeEncodeError:
            found = f"half of a surrogate pair in {shown(str(name))}"
            raise _wrong(f"body: expected whole characters, found {found}") from None


def _check_lengths(request: PredictRequest, limit: int) -> None:
    lengths = {f"sentences[{i}]": len(text) for i, text in enumerate(request.sentences)}
    lengths |= {f"articles[{i}].text": len(a.text or "") for i, a in enumerate(request.articles)}
    for place, length in lengths.items():
        if length > limit:
            raise _too_large(f"{place}: expected at most {limit:,} characters, found {length:,}")


def _told(error: ValidationError, kind: type[BaseModel]) -> str:
    """Name the problems by their places, the first of many."""
    by_place: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False, include_context=False):
        # what follows are the types that a value may have
        path = detail["loc"][: _OUTER.get(str(detail["loc"][0]), 1)]
        by_place.setdefault(_place(path), []).append(detail)
    problems = [f"{place}: {_problem(details, kind)}" for place, details in by_place.items()]
    more = len(problems) - _PROBLEMS
    return "; ".join(problems[:_PROBLEMS]) + (f"; and {more:,} more" if more > 0 else "")


def _place(path: tuple[int | str, ...]) -> str:
    place = ""
    for part in path:
        if isinstance(part, int):
            place += f"[{part}]"
        elif part.isidentifier() and len(part) < _PROBLEMS * 2:
            place += f".{part}" if place else part
        else:
            place += f"[{shown(part)}]"
    return place


def _problem(details: list[ErrorDetails], kind: type[BaseModel]) -> str:
    if details[0]["type"] == "missing":
        return "expected a value, found none"
    if details[0]["type"] == "extra_forbidden":
        inside = Article if details[0]["loc"][0] == "articles" else kind
        return f"expected one of {', '.join(inside.model_fields)}, found an unknown field"
    expected = " or ".join(dict.fromkeys(map(_expected, details)))
    return f"expected {expected}, found {_kind(details[0]['input'])}"


def _expected(detail: ErrorDetails) -> str:
    if detail["type"] == "string_unicode":
        return "a string without half of a surrogate pair"
    words = detail["msg"].removeprefix("Input should be ")
    return words.replace("String should have", "a string of")


def _kind(value: object) -> str:
    """Say what a JSON value is, without repeating an article."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return f"a string of {len(value):,} characters"
    if isinstance(value, list):
        return f"an array of {len(value):,}"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, bool):
        return str(value).lower()
    return f"the number {shown(str(value))[1:-1]}"


def _wrong(message: str) -> Problem:
    return Problem(422, "wrong_value", message)


def _broken(found: str) -> Problem:
    return Problem(400, "broken_json", f"body: expected JSON, found {found}")


def _too_large(message: str) -> Problem:
    return Problem(413, "too_large", message)
