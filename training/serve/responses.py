"""Answers to requests that went wrong, of every program that serves."""

from fastapi.responses import Response
from starlette.requests import Request

from training.serve.errors import Problem


def respond(problem: Problem) -> Response:
    """Make an answer of a problem: its status, its headers, and what is wrong as JSON."""
    return Response(problem.body(), problem.status, problem.headers, "application/json")


async def tell(_: Request, problem: Exception) -> Response:
    """Answer with a problem that a route has raised."""
    assert isinstance(problem, Problem)
    return respond(problem)
