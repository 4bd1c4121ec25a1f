"""A service around the tiny export, asked without a network."""

from contextlib import contextmanager

import pytest

pytest.importorskip("fastapi", reason="needs the extra service")

from starlette.testclient import TestClient

from training.inference import StanceModel
from training.serve.app import build_app
from training.serve.service import Service


def error_of(response):
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    return response.status_code, error["code"], error["message"]


def post(client, content, **headers):
    headers = {"content-type": "application/json"} | headers
    return client.post("/v1/predict", content=content, headers=headers)


@pytest.fixture(scope="session")
def tiny_model(tiny_export):
    return StanceModel(tiny_export[1], threads=1, variant="fp32")  # the same on every machine


@pytest.fixture(scope="session")
def serve_settings(composer, tiny_export):
    """Compose the settings of a service around the tiny export."""

    def make(*overrides):
        return composer.settings("serve_model", f"model={tiny_export[1]}", *overrides)

    return make


@pytest.fixture(scope="session")
def serving(serve_settings, tiny_model):
    """Run a service; what is asked of it goes through all that stands before it."""

    @contextmanager
    def run(*overrides, secret=None, model=tiny_model):
        service = Service(serve_settings(*overrides), model)
        app = build_app(service, secret)
        with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
            client.service = service
            yield client

    return run


@pytest.fixture(scope="session")
def client(serving):
    with serving(
        "max_items=20", "max_characters=5000", "max_body_megabytes=0.2", "batch_tokens=256"
    ) as found:
        yield found
