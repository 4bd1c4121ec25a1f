"""A folder of shards, and the settings to label them with the tiny export."""

import json

import pandas as pd
import pytest

RUSSIAN = "Министр поддержал перемирие в Газе. Оппозиция выступила против. Дождь шёл до вечера."


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture
def folder(tmp_path):
    """Write three shards of articles and one that is no shard of any kind."""
    root = tmp_path / "خبر, in"
    (root / "2024").mkdir(parents=True)
    for number, name in enumerate(("2024/a.parquet", "b.parquet")):
        rows = [
            {"id": f"{number}-{i}", "title": "Мир", "text": f"{RUSSIAN} Число {'х' * i} выросло."}
            for i in range(9)
        ]
        pd.DataFrame(rows).to_parquet(root / name)
    texts = [{"text": "Moscow hailed the OIC. Rain fell."}, {"id": "none"}, {"text": RUSSIAN}]
    (root / "c.jsonl").write_text("\n".join(map(json.dumps, texts)) + "\n", encoding="utf-8")
    (root / "README.md").write_text("About the folder.", encoding="utf-8")
    return root


@pytest.fixture
def shard_settings(composer, tiny_export, folder, tmp_path):
    def make(**changes):
        given = {"input": folder, "output": tmp_path / "out", "model": tiny_export[1]}
        given |= {"batch_tokens": 64} | changes
        return composer.settings("predict_shards", *(f"{k}={v}" for k, v in given.items()))

    return make


def contents(root):
    """Read all files below a folder, hidden ones too: path below it -> bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }
