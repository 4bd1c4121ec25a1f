"""Runs of predict_stance that break off, go on, or meet one another."""

import shutil
import sys

import pytest

from labels.pipeline.errors import ConfigError, DataError
from training.inference.journal import Journal
from training.inference.labelling import label

RUSSIAN = "Министр поддержал перемирие в Газе. Оппозиция выступила против. Дождь шёл до вечера."


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def sentence(key, text, **fields):
    return {"id": key, "text": text, "lang": "en"} | fields


@pytest.mark.parametrize("wrong", ["model", "input"])
def test_a_missing_model_or_input_leaves_the_old_output_untouched(predict, tmp_path, wrong):
    out = tmp_path / "out.jsonl"
    out.write_text("old", encoding="utf-8")
    (tmp_path / "in.jsonl").write_text("{}", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ConfigError, match="none"):
        predict(tmp_path / "in.jsonl", **{wrong: tmp_path / "none"})
    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == before


def test_a_model_folder_or_a_changed_export_leaves_no_record(predict, tmp_path, tiny_export):
    spoilt = shutil.copytree(tiny_export[1], tmp_path / "spoilt")
    with (spoilt / "model.onnx.data").open("ab") as file:
        file.write(b" ")
    (tmp_path / "in.jsonl").write_text('{"text": "Rain fell all day long."}', encoding="utf-8")
    (tmp_path / "empty.jsonl").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ConfigError, match="found a model folder; export it first"):
        predict(tmp_path / "in.jsonl", model=tiny_export[0])
    for source in (tmp_path / "in.jsonl", tmp_path / "empty.jsonl"):
        with pytest.raises(DataError, match=r"spoilt/model\.onnx\.data: expected SHA-256"):
            predict(source, model=spoilt)
    assert sorted(tmp_path.iterdir()) == before


def test_a_wrong_model_is_an_error_before_standard_input_is_read(predict, tmp_path, monkeypatch):
    class Untouched:
        @property
        def buffer(self):
            raise AssertionError("standard input was read")

    monkeypatch.setattr(sys, "stdin", Untouched())
    with pytest.raises(ConfigError, match="expected an export folder"):
        predict(None, input="-", model=tmp_path)


def test_a_run_that_breaks_off_leaves_the_old_output_untouched(predict, tmp_path, monkeypatch):
    predict([sentence("old", "Rain fell all day long.")], "sentence")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def break_off(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("training.inference.labelling.record_of", break_off)
    with pytest.raises(KeyboardInterrupt):
        predict(tmp_path / "in.jsonl", "sentence")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_same_input_gives_the_same_bytes(predict, tmp_path):
    found = []
    for _ in range(2):
        predict([{"id": i, "text": RUSSIAN} for i in range(9)])
        found.append([path.read_bytes() for path in sorted(tmp_path.iterdir())])
    assert found[0] == found[1]


def test_more_sentences_than_one_chunk_come_out_in_order(predict, monkeypatch):
    monkeypatch.setattr("training.inference.labelling.CHUNK_SENTENCES", 3)
    found = predict([sentence(i, f"Rain {'x' * (i % 4)} fell.") for i in range(10)], "sentence")
    assert [record["id"] for record in found] == list(range(10))


@pytest.fixture
def stopped(predict, monkeypatch, tmp_path):
    """Stop a run over 40 articles when it has labelled some; return the bytes of a whole one."""
    rows = [{"id": i, "text": f"{RUSSIAN} Число {'х' * (i % 5)} выросло."} for i in range(40)]
    rows[7] = {"id": "none"}
    monkeypatch.setattr("training.inference.labelling.CHUNK_SENTENCES", 12)
    predict(rows)
    whole = contents(tmp_path)
    for path in tmp_path.glob("out.jsonl*"):
        path.unlink()
    with monkeypatch.context() as stop:
        stop.setattr("training.inference.journal.CHECKPOINT_SECONDS", 0.0)
        chunks = []

        def label_some(*arguments):
            chunks.append(1)
            if len(chunks) == 6:
                raise KeyboardInterrupt
            return label(*arguments)

        stop.setattr("training.inference.stage.label", label_some)
        with pytest.raises(KeyboardInterrupt):
            predict(tmp_path / "in.jsonl")
    assert [path.name for path in tmp_path.glob("out.jsonl*")] == []
    assert (tmp_path / ".out.jsonl.partial").is_dir()
    return whole


def test_a_stopped_run_goes_on_to_the_same_bytes(predict, stopped, tmp_path, monkeypatch, capsys):
    chunks = []

    def count(*arguments):
        chunks.append(1)
        return label(*arguments)

    monkeypatch.setattr("training.inference.stage.label", count)
    predict(tmp_path / "in.jsonl", resume="true")
    assert contents(tmp_path) == stopped
    assert not (tmp_path / ".out.jsonl.partial").exists()
    assert "going on after" in capsys.readouterr().err
    assert 0 < len(chunks) < 13  # of the whole


def test_a_run_that_does_not_resume_begins_anew_and_says_so(predict, stopped, tmp_path, capsys):
    predict(tmp_path / "in.jsonl")
    assert contents(tmp_path) == stopped
    assert "resume=true would have gone on" in capsys.readouterr().err


def test_a_run_with_other_settings_does_not_go_on(predict, stopped, tmp_path):
    with pytest.raises(ConfigError, match="resume: expected the model, the settings"):
        predict(tmp_path / "in.jsonl", resume="true", source="Daily")
    predict(tmp_path / "in.jsonl", resume="true")  # what was finished is still there
    assert contents(tmp_path) == stopped


@pytest.mark.parametrize("keep", [3, 39])
def test_a_changed_input_is_told(predict, stopped, tmp_path, keep):
    path = tmp_path / "in.jsonl"
    rows = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([*rows[1:2], *rows[1:keep]]), encoding="utf-8")
    with pytest.raises(DataError, match="to be those of the run that stopped, found others"):
        predict(path, resume="true")


def test_resume_without_an_earlier_run_begins(predict):
    assert len(predict([sentence("a", "Rain fell all day long.")], resume="true")) == 1


def test_standard_input_cannot_be_gone_on_with(predict):
    with pytest.raises(ConfigError, match="resume: expected an input that can be read again"):
        predict(None, input="-", resume="true")


def test_two_runs_cannot_write_one_output(predict, tmp_path):
    with (
        Journal(tmp_path / "out.jsonl", "key", resume=False),
        pytest.raises(DataError, match=r"out\.jsonl: expected to be its only writer"),
    ):
        predict([sentence("a", "Rain fell all day long.")])
    assert len(predict(tmp_path / "in.jsonl")) == 1
