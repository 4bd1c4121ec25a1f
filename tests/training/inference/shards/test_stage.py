import json

import pytest

from labels.pipeline.errors import DataError
from tests.training.inference.shards.conftest import contents, lines
from training.inference.shards.bucket import bucket_at, is_address
from training.inference.shards.records import ShardsSummary

pytestmark = pytest.mark.slow


@pytest.fixture
def predict(composer, tiny_export, folder, tmp_path, cluster):
    """Predict on the shards, on two nodes; return the summary beside the output."""

    def run(**changes):
        given = {"input": folder, "output": tmp_path / "out", "model": tiny_export[1]}
        given |= {"batch_tokens": 64, "address": cluster} | changes
        composer.run("predict_shards", *(f"{key}={value}" for key, value in given.items()))
        beside = tmp_path / "out.meta.json"
        if is_address(str(given["output"])):
            above, _, name = given["output"].rpartition("/")
            bucket_at(above).fetch(f"{name}.meta.json", beside)
        (summary,) = lines(beside)
        return summary

    return run


def records_of(out):
    return [record for path in sorted(out.rglob("records.jsonl")) for record in lines(path)]


def rounded(record):
    """Leave the last digits of probabilities, which depend on what else is in the batch."""
    return json.loads(json.dumps(record), parse_float=lambda digits: round(float(digits), 4))


def test_the_records_are_those_of_one_run_over_the_folder(
    predict, composer, folder, tiny_export, tmp_path
):
    summary = predict()
    composer.run(
        "predict_stance",
        f"input={folder}",
        f"output={tmp_path / 'single.jsonl'}",
        f"model={tiny_export[1]}",
        "batch_tokens=64",
        "threads=1",
        "processes=1",
    )
    whole = [rounded(record) for record in lines(tmp_path / "single.jsonl")]
    found = [rounded(record) for record in records_of(tmp_path / "out")]
    assert len(found) == len(whole) > 90
    key = json.dumps
    assert sorted(found, key=key) == sorted(whole, key=key)
    (single,) = lines(tmp_path / "single.jsonl.meta.json")
    assert set(summary) == set(single) | {"shards"} == ShardsSummary.__annotations__.keys()
    # What comes again in another file is not known to the worker of this one.
    assert summary["counts"].pop("repeated") <= single["counts"].pop("repeated")
    assert summary | {"shards": None} == single | {"shards": None}


def test_what_goes_in_comes_out_or_is_a_reject(predict, folder, tmp_path, capsys):
    (folder / "nowhere").symlink_to(folder / "gone")
    summary = predict()
    counts = summary["counts"]
    # 9 + 9 rows, three lines of which one has no text, README.md, and the link
    assert (counts["inputs"], counts["articles"], counts["rejects"]) == (23, 20, 3)
    assert summary["rejects_by_reason"] == {"broken_link": 1, "no_text": 1, "unknown_format": 1}
    (link,) = lines(tmp_path / "out.rejects.jsonl")
    assert link["source"] == str(folder / "nowhere")
    beside = (tmp_path / "out").rglob("*.rejects.jsonl")
    assert sum(len(lines(path)) for path in beside) + 1 == counts["rejects"]
    assert counts["sentences"] == len(records_of(tmp_path / "out"))
    said = capsys.readouterr().err
    assert "inputs 23 = articles 20 + rejects 3" in said
    assert "shards 4 = labelled 4 + finished before 0 + failed 0" in said


def test_a_second_run_labels_what_is_new_alone(predict, folder, tmp_path):
    first = predict()
    before = contents(tmp_path / "out")
    (folder / "d.jsonl").write_text('{"text": "Snow fell on the city."}\n', encoding="utf-8")
    second = predict()
    assert second["shards"] == {"all": 5, "labelled": 1, "finished_before": 4, "failed": 0}
    assert second["counts"]["sentences"] == first["counts"]["sentences"] + 1
    after = contents(tmp_path / "out")
    assert {path: after[path] for path in before} == before


def test_a_failed_shard_is_an_error_at_the_end(predict, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "c.jsonl").touch()
    with pytest.raises(DataError, match="1 of 4 shards failed; what is finished is kept"):
        predict()
    (summary,) = lines(tmp_path / "out.meta.json")
    assert summary["shards"] == {"all": 4, "labelled": 3, "finished_before": 0, "failed": 1}
    (tmp_path / "out" / "c.jsonl").unlink()
    assert predict()["shards"] == {"all": 4, "labelled": 1, "finished_before": 3, "failed": 0}


def test_an_empty_folder_is_an_empty_output(predict, tmp_path):
    (tmp_path / "none").mkdir()
    assert predict(input=tmp_path / "none")["counts"]["inputs"] == 0


def test_from_bucket_to_bucket_it_is_what_it_is_from_folder_to_folder(
    predict, folder, bucket, tmp_path
):
    source = bucket_at(f"{bucket}/articles")
    for path in sorted(folder.rglob("*.*")):
        source.store(path, path.relative_to(folder).as_posix())
    here = predict()
    there = predict(input=f"{bucket}/articles", output=f"{bucket}/labelled")
    assert there == here
    found = bucket_at(f"{bucket}/labelled")
    names = [name for name, _ in found.walk()]
    for name in names:
        (tmp_path / "fetched" / name).parent.mkdir(parents=True, exist_ok=True)
        found.fetch(name, tmp_path / "fetched" / name)
    # A reject names the place of its input.
    beside = contents(tmp_path / "out")
    for name, content in contents(tmp_path / "fetched").items():
        as_here = content.replace(f"{bucket}/articles".encode(), str(folder).encode())
        assert as_here == beside.pop(name), name
    assert not beside
    again = predict(input=f"{bucket}/articles", output=f"{bucket}/labelled")
    assert again["shards"] == {"all": 4, "labelled": 0, "finished_before": 4, "failed": 0}


def test_a_bucket_that_is_not_there_is_told(predict, object_store):
    with pytest.raises(DataError, match="s3://no-such/in: expected a folder that can be listed"):
        predict(input="s3://no-such/in")
