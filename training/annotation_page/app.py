"""The routes of the page to label on, and what stands before them."""

import json
from collections.abc import Sequence
from importlib import resources

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from labels.people.items import Item, Question
from training.annotation_page.store import Store
from training.serve.errors import Problem, shown
from training.serve.limits import Guard, read_body
from training.serve.responses import respond, tell
from training.serve.server import HEADERS

FILES = {  # path -> package, file, type
    "/page.css": ("training.serve", "page.css", "text/css"),
    "/page.svg": ("training.serve", "page.svg", "image/svg+xml"),
    "/annotate.css": ("training.annotation_page", "annotate.css", "text/css"),
    "/annotate.js": ("training.annotation_page", "annotate.js", "text/javascript"),
    "/questions.js": ("training.annotation_page", "questions.js", "text/javascript"),
}
ROUND, ANSWERS = "/v1/round", "/v1/answers"
_OPEN = frozenset({"/", *FILES})  # for which no secret is asked
_BODY = 100_000  # bytes of an answer
_PLACE = "<!-- guidelines -->"


class Kept(BaseModel):
    """An answer as the page sends it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    annotator: str
    id: str
    values: dict[str, str]


def build_app(
    store: Store,
    items: Sequence[Item],
    questions: Sequence[Question],
    titles: dict[str, str],
    guidelines: str,
    allowed_hosts: Sequence[str],
    secret: bytes | None,
) -> ASGIApp:
    """Put a round behind its routes.

    Args:
        store: Keeps the answers.
        items: Sentences to label.
        questions: What may be asked of each.
        titles: Of the tasks, by key.
        guidelines: Markdown; what stands in it as HTML is shown as it is written.
        allowed_hosts: Names that requests may call this machine by, beside its own.
        secret: That clients have to know; None asks for none.
    """
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={Problem: tell, HTTPException: _tell_of_route, OSError: _tell_of_disk},
    )
    asked = [
        {"key": one.key, "task": one.task.key, "classes": one.classes, "polar": one.task.polar}
        for one in questions
    ]
    page = _page("training.annotation_page", "index.html").decode("utf-8")
    written = page.replace(_PLACE, MarkdownIt("js-default").render(guidelines))

    @app.get("/")
    async def index() -> Response:
        return Response(written, media_type="text/html; charset=utf-8")

    @app.get(ROUND)
    async def about() -> Response:
        facts = {"items": items, "questions": asked, "titles": titles}
        return JSONResponse(facts | {"annotators": store.annotators()})

    @app.get(ANSWERS)
    async def given(annotator: str = "") -> Response:
        return JSONResponse({"answers": store.of(annotator)})

    @app.put(ANSWERS)
    async def keep(request: Request) -> Response:
        kept = _kept(await read_body(request, _BODY))
        done = await run_in_threadpool(store.keep, kept.annotator, kept.id, kept.values)
        return JSONResponse({"done": done})

    for path, (package, name, kind) in FILES.items():
        _add_file(app, path, _page(package, name), kind)
    return _Headers(Guard(app, allowed_hosts, secret, _OPEN))


def _page(package: str, name: str) -> bytes:
    return (resources.files(package) / "page" / name).read_bytes()


def _add_file(app: FastAPI, path: str, content: bytes, kind: str) -> None:
    @app.get(path)
    async def file() -> Response:
        return Response(content, media_type=f"{kind}; charset=utf-8")


def _kept(content: bytes) -> Kept:
    try:
        return Kept.model_validate(json.loads(content))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Problem(400, "broken_json", f"body: expected JSON: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise Problem(422, "wrong_value", f"{place}: {first['msg']}") from None


async def _tell_of_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    found = shown(f"{request.method} {request.url.path}")
    return respond(Problem(error.status_code, "no_route", f"request: found no route {found}"))


async def _tell_of_disk(_: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    message = f"answers: expected to write them, the system refused: {error.strerror}"
    return respond(Problem(507, "not_written", message))


class _Headers:
    """Adds the headers that all answers have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS.items()]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Problem as problem:  # of the guard, which stands outside of the routes
            await respond(problem)(scope, receive, send_with_headers)
