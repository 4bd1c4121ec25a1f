import json
import logging

from training.serve.logs import LOG, log, open_log


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_an_object_with_its_details(capsys):
    open_log()
    log("request", route="/health", status=200)
    (line,) = lines(capsys)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "event": "request", "route": "/health", "status": 200}


def test_of_an_exception_type_and_place_are_told_and_not_its_message(capsys):
    open_log()
    try:
        raise ValueError("what an article says")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    LOG.handlers.clear()
    (line,) = lines(capsys)
    assert (line["event"], line["exception"]) == ("Exception in ASGI application", "ValueError")
    assert "test_logs.py" in line["traceback"]
    assert "what an article says" not in line["traceback"].replace('ValueError("what an', "")
