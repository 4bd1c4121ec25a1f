"""The routes, and what stands before them: every request is guarded, timed, counted and logged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from importlib import resources
from threading import Event
from time import perf_counter
from typing import Any, TypedDict
from uuid import uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from training.contract.schema import schema_of
from training.serve.counts import CONTENT_TYPE
from training.serve.errors import Problem, shown
from training.serve.limits import MEGABYTE, Guard, read_body, unless_gone
from training.serve.logs import log
from training.serve.reference import (
    answers,
    errors,
    explain_answers,
    explain_body,
    predict_answers,
    predict_body,
)
from training.serve.responses import respond, tell
from training.serve.server import HEADERS
from training.serve.service import ModelFacts, Service

PREDICT, EXPLAIN = "/v1/predict", "/v1/explain"
PAGE = {  # path -> file, type
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.svg": ("page.svg", "image/svg+xml"),
    "/page.js": ("page.js", "text/javascript"),
    "/files.js": ("files.js", "text/javascript"),
    "/show.js": ("show.js", "text/javascript"),
}
OPEN_PATHS = frozenset({*PAGE, "/openapi.json", "/health"})  # for which no secret is asked
HUNG_UP = 499  # as others write it; no client ever sees it
_NOTED = "sikap.noted"  # in a request's scope: what its line of the log says besides
Work = Callable[[bytes, Event, dict[str, int]], Coroutine[None, None, bytes]]  # of a body
_SUMMARY = "Stances and sentiment of sentences in Indonesian, Arabic, Russian and English."


class Target(TypedDict):
    """A target of the export."""

    key: str  # as in the records
    name: str
    description: str


class Targets(TypedDict):
    """What can be asked for."""

    targets: list[Target]
    model: ModelFacts


def build_app(service: Service, secret: bytes | None) -> ASGIApp:
    """Put the service behind its routes.

    Args:
        service: What answers.
        secret: That clients have to know; None asks for none.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="sikap",
        version=service.facts["version"],
        description=_SUMMARY,
        docs_url=None,  # they load scripts of others from the network
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        exception_handlers={
            Problem: tell,
            HTTPException: _tell_of_route,
            ClientDisconnect: _tell_nobody,
            Exception: _tell_of_failure,
        },
    )
    _add_routes(app, service)
    for path, (name, kind) in PAGE.items():
        _add_file(app, path, name, kind)
    guarded = Guard(app, service.settings.allowed_hosts, secret, OPEN_PATHS)
    return Watch(guarded, service, frozenset({*PAGE, *app.openapi()["paths"], "/openapi.json"}))


def _add_routes(app: FastAPI, service: Service) -> None:
    settings = service.settings

    async def answered(request: Request, work: Work) -> Response:
        """Answer a body, unless there is too much to do, it takes too long or the client leaves."""
        content = None
        with service.admitted() as over:
            try:
                async with asyncio.timeout(settings.timeout_seconds):
                    content = await read_body(request, int(settings.max_body_megabytes * MEGABYTE))
                    answering = work(content, over, request.scope[_NOTED])
                    answer = await unless_gone(request, answering)
            except TimeoutError:
                raise _too_late(settings.timeout_seconds, has_body=content is not None) from None
        return Response(answer, media_type="application/json")

    @app.post(
        PREDICT,
        summary="Label sentences and articles",
        openapi_extra=predict_body(service.limits),
        responses=predict_answers(service.model.description),
    )
    async def predict(request: Request) -> Response:
        return await answered(request, service.answer)

    @app.post(
        EXPLAIN,
        summary="Tell which words of a sentence carry its stance towards a target",
        openapi_extra=explain_body(service.model.targets),
        responses=explain_answers(),
    )
    async def explain(request: Request) -> Response:
        return await answered(request, service.explain)

    @app.get(
        "/v1/targets",
        summary="List the targets of the export",
        responses=answers("The targets.", schema_of(Targets)) | errors(400, 401),
    )
    async def targets() -> Response:
        known = [
            Target(
                key=target["key"],
                name=target.get("name", target["key"]),
                description=target["description"],
            )
            for target in service.model.description["targets"]
        ]
        return JSONResponse(Targets(targets=known, model=service.facts))

    @app.get(
        "/health",
        summary="Tell whether requests are answered",
        responses=answers("They are.", schema_of(dict[str, str])) | errors(400, 503),
    )
    async def health() -> Response:
        service.check_running()
        return JSONResponse({"status": "ok"})

    @app.get("/metrics", summary="Give counts and times", response_class=Response)
    async def metrics() -> Response:
        return Response(service.counts.text(), media_type=CONTENT_TYPE)


def _add_file(app: FastAPI, path: str, name: str, kind: str) -> None:
    content = (resources.files("training.serve") / "page" / name).read_bytes()

    @app.get(path, include_in_schema=False)
    async def file() -> Response:
        return Response(content, media_type=f"{kind}; charset=utf-8")


def _too_late(limit: float, has_body: bool) -> Problem:
    if has_body:
        message = f"service: expected to answer in {limit:g} seconds, found more to do; send less"
        return Problem(504, "too_late", message)
    message = f"body: expected to end within {limit:g} seconds, found more to come"
    return Problem(408, "slow_body", message, {"Connection": "close"})


async def _tell_of_route(request: Request, error: Exception) -> Response:
    """Tell of a path or a method that there is not."""
    assert isinstance(error, HTTPException)
    asked = shown(f"{request.method} {request.url.path}")
    if error.status_code == 405:
        message = f"request: expected another method, found {asked}"
        return respond(Problem(405, "wrong_method", message, error.headers))
    message = f"request: expected a route of /openapi.json, found {asked}"
    return respond(Problem(404, "no_route", message, error.headers))


async def _tell_nobody(_: Request, __: Exception) -> Response:
    return Response(status_code=HUNG_UP)


async def _tell_of_failure(_: Request, __: Exception) -> Response:
    return respond(Problem(500, "failed", "service: failed; its log says where"))


class Watch:
    """Times, counts and logs every request, and adds the headers that all answers have."""

    def __init__(self, app: ASGIApp, service: Service, routes: frozenset[str]) -> None:
        """Stand before an app; a path that is none of the routes is counted as other."""
        self._app = app
        self._service = service
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, and say how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        noted: dict[str, Any] = {}
        scope[_NOTED] = noted
        request_id, status, start = uuid4().hex, 500, perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                added = {**HEADERS, b"x-request-id": request_id.encode("ascii")}
                message["headers"] = [*message.get("headers", []), *added.items()]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Problem as problem:  # of the guard, which stands outside of the routes
            await respond(problem)(scope, receive, send_with_headers)
        finally:
            seconds = perf_counter() - start
            route = scope["path"] if scope["path"] in self._routes else "other"
            self._service.counts.request(route, status, seconds)
            log(
                "request",
                logging.ERROR if status == 500 else logging.INFO,
                id=request_id,
                method=scope["method"] if route != "other" else "other",
                route=route,
                status=status,
                seconds=round(seconds, 4),
                **noted,
            )
