"""Shared by the tests of predict_stance as a stage: a run of it, and the files beside it."""

import json
from types import SimpleNamespace

import pytest


def _lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture
def predict(tiny_export, tmp_path, composer):
    """Predict on a path or on named contents; return the records."""

    def run(content, unit="article", name="in.jsonl", **changes):
        path = content
        if isinstance(content, list):
            content = "\n".join(
                line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
                for line in content
            )
        if isinstance(content, str):
            path = tmp_path / name
            path.write_text(content, encoding="utf-8")
        output = tmp_path / "out.jsonl"
        given = {"input": path, "model": tiny_export[1], "output": output} | changes
        composer.run(
            "predict_stance",
            f"unit={unit}",
            "batch_tokens=64",
            "threads=1",
            *(f"{key}={value}" for key, value in given.items()),
        )
        return _lines(output)

    return run


@pytest.fixture
def sidecars(tmp_path):
    """Read the files beside the output."""

    def read():
        return SimpleNamespace(
            rejects=_lines(tmp_path / "out.jsonl.rejects.jsonl"),
            removed=_lines(tmp_path / "out.jsonl.removed.jsonl"),
            meta=_lines(tmp_path / "out.jsonl.meta.json"),
            texts=tmp_path / "out.jsonl.texts.jsonl",
        )

    return read
