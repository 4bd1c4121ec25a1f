import shutil
from dataclasses import replace

import pytest

from labels.pipeline.errors import ConfigError, DataError
from tests.training.inference.shards.conftest import contents, lines
from training.inference.journal import Journal
from training.inference.labelling import label
from training.inference.shards.folders import MARKER, read_finished
from training.inference.shards.listing import list_shards
from training.inference.shards.worker import ShardWorker


@pytest.fixture
def shards(folder):
    return {shard.name: shard for shard in list_shards(str(folder))[0]}


@pytest.fixture
def worker(shard_settings):
    def make(**changes):
        made = ShardWorker(shard_settings(**changes).for_workers("fp32"))
        made.open()
        return made

    return make


@pytest.fixture
def chunks(monkeypatch):
    """Count the chunks that are labelled; break off at the one whose number is put into it."""
    counted = {"labelled": 0, "break_off_at": None}

    def count(*arguments):
        counted["labelled"] += 1
        if counted["labelled"] == counted["break_off_at"]:
            raise KeyboardInterrupt
        return label(*arguments)

    monkeypatch.setattr("training.inference.labelling.CHUNK_SENTENCES", 12)
    monkeypatch.setattr("training.inference.journal.CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr("training.inference.shards.worker.label", count)
    return counted


def test_a_worker_says_what_it_works_with(shard_settings, tiny_export):
    opened = ShardWorker(shard_settings().for_workers("fp32")).open()
    assert len(opened.export_hash) == 64
    assert opened.version


def test_a_shard_is_labelled_as_predict_stance_labels_the_file(
    worker, shards, composer, tiny_export, tmp_path
):
    done = worker().label(shards["b.parquet"])
    assert (done.name, done.is_new) == ("b.parquet", True)
    composer.run(
        "predict_stance",
        f"input={shards['b.parquet'].path}",
        f"output={tmp_path / 'single' / 'records.jsonl'}",
        f"model={tiny_export[1]}",
        "batch_tokens=64",
        "threads=1",
        "processes=1",
    )
    found = contents(tmp_path / "out" / "b.parquet")
    assert found.pop(MARKER)
    assert found == contents(tmp_path / "single")
    assert len(lines(tmp_path / "single" / "records.jsonl")) == 45


def test_ids_and_rejects_are_named_as_in_the_folder(worker, shards, tmp_path, folder):
    done = worker().label(shards["c.jsonl"])
    out = tmp_path / "out" / "c.jsonl"
    assert {record["id"] for record in lines(out / "records.jsonl")} == {"c.jsonl:1", "c.jsonl:3"}
    (reject,) = lines(out / "records.jsonl.rejects.jsonl")
    assert reject["source"] == f"{folder}/c.jsonl:2"
    assert done.finished["state"]["counts"]["articles"] == 2
    assert done.finished["state"]["rejects"] == {"no_text": 1}


def test_a_finished_shard_is_not_labelled_again(worker, shards, chunks, tmp_path):
    first = worker().label(shards["c.jsonl"])
    before, labelled = contents(tmp_path / "out"), chunks["labelled"]
    again = worker().label(shards["c.jsonl"])
    assert not again.is_new
    assert again.finished == first.finished
    assert chunks["labelled"] == labelled > 0
    assert contents(tmp_path / "out") == before


def test_a_folder_that_is_called_otherwise_holds_the_same_shards(
    worker, shards, folder, monkeypatch
):
    worker().label(shards["c.jsonl"])
    monkeypatch.chdir(folder.parent)
    (again,) = (shard for shard in list_shards(folder.name)[0] if shard.name == "c.jsonl")
    assert again.where != shards["c.jsonl"].where
    assert not worker().label(again).is_new


@pytest.mark.parametrize("change", ["content", "setting", "records"])
def test_a_shard_is_labelled_again_where_anything_has_changed(worker, shards, tmp_path, change):
    shard = shards["c.jsonl"]
    worker().label(shard)
    changes = {"source": "Daily"} if change == "setting" else {}
    if change == "content":
        shard.path.write_text('{"text": "Snow fell on the city."}\n', encoding="utf-8")
    if change == "records":
        (tmp_path / "out" / "c.jsonl" / "records.jsonl").unlink()
    assert worker(**changes).label(shard).is_new
    texts = {record["text"] for record in lines(tmp_path / "out" / "c.jsonl" / "records.jsonl")}
    assert texts == {"Snow fell on the city."} if change == "content" else len(texts) == 5
    assert not worker(**changes).label(shard).is_new


def test_another_form_takes_the_place_of_the_first(worker, shards, tmp_path):
    worker().label(shards["c.jsonl"])
    assert worker(form="parquet").label(shards["c.jsonl"]).is_new
    assert {path.name for path in (tmp_path / "out" / "c.jsonl").iterdir()} == {
        *(f"records.parquet{end}" for end in ("", ".articles.jsonl", ".meta.json")),
        *(f"records.parquet{end}" for end in (".rejects.jsonl", ".removed.jsonl")),
        MARKER,
    }


def test_a_shard_is_gone_on_with_where_its_worker_died(worker, shards, chunks, tmp_path):
    shard = shards["2024/a.parquet"]
    worker().label(shard)
    whole, n_chunks = contents(tmp_path / "out"), chunks["labelled"]
    shutil.rmtree(tmp_path / "out")
    chunks |= {"labelled": 0, "break_off_at": 3}
    with pytest.raises(KeyboardInterrupt):
        worker().label(shard)
    assert not any(path.startswith("2024/a.parquet/records") for path in contents(tmp_path / "out"))
    chunks |= {"labelled": 0, "break_off_at": None}
    worker().label(shard)
    assert 0 < chunks["labelled"] < n_chunks
    assert contents(tmp_path / "out") == whole


def test_what_was_begun_with_other_settings_is_begun_anew(worker, shards, chunks, tmp_path):
    shard = shards["2024/a.parquet"]
    worker(source="Daily").label(shard)
    whole = contents(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    chunks |= {"labelled": 0, "break_off_at": 3}
    with pytest.raises(KeyboardInterrupt):
        worker().label(shard)
    chunks["break_off_at"] = None
    worker(source="Daily").label(shard)
    assert contents(tmp_path / "out") == whole


def test_a_shard_that_breaks_off_while_it_is_written_is_not_finished(
    worker, shards, tmp_path, monkeypatch
):
    worker().label(shards["c.jsonl"])

    def break_off(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("training.inference.stage.write_records", break_off)
        with pytest.raises(OSError, match="No space left"):
            worker(source="Daily").label(shards["c.jsonl"])
    # Nor is it with the settings of the old records, beside which other counts stand now.
    assert read_finished(tmp_path / "out" / "c.jsonl") is None


def test_two_runs_do_not_write_one_shard(worker, shards, tmp_path):
    output = tmp_path / "out" / "c.jsonl" / "records.jsonl"
    with (
        Journal(output, "key", resume=False),
        pytest.raises(DataError, match="expected to be its only writer"),
    ):
        worker().label(shards["c.jsonl"])


def test_a_shard_that_is_gone_is_an_error_of_the_system(worker, shards):
    with pytest.raises(FileNotFoundError):
        worker().label(replace(shards["c.jsonl"], path=shards["c.jsonl"].path.with_name("gone")))


def test_what_is_no_export_is_told_when_it_is_opened(shard_settings, tmp_path):
    settings = replace(shard_settings(), model=tmp_path)
    with pytest.raises(ConfigError, match="expected an export folder"):
        ShardWorker(settings).open()
