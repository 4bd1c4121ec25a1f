import pytest

from labels.pipeline.errors import ConfigError


def test_the_input_is_a_folder(shard_settings, folder):
    with pytest.raises(ConfigError, match="input: expected a folder, whose files are the shards"):
        shard_settings(input=folder / "b.parquet")


@pytest.mark.parametrize("place", ["", "/out", "/2024/out"])
def test_an_output_that_would_be_read_the_next_time_is_refused(shard_settings, folder, place):
    with pytest.raises(ConfigError, match="output: expected a folder outside the input"):
        shard_settings(output=f"{folder}{place}")


def test_an_output_that_is_a_file_is_refused(shard_settings, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(ConfigError, match="output: expected a folder, got the file"):
        shard_settings()


def test_workers_are_told_whole_paths_and_one_variant(shard_settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = shard_settings(output="labelled", variant="auto").for_workers("int8")
    assert found.output == tmp_path / "labelled"
    assert found.variant == "int8"


def test_of_one_shard_predict_stance_would_be_asked_the_same(shard_settings, tmp_path):
    own = shard_settings(source="Daily", abstain_risk=0.2, unit="sentence", fields="{text: isi}")
    one = own.of_one(tmp_path / "a", tmp_path / "b.jsonl")
    shared = set(vars(one)) & set(vars(own)) - {"input", "output"}
    assert {name: getattr(one, name) for name in shared} == {
        name: getattr(own, name) for name in shared
    }
    assert set(vars(one)) - shared == {"input", "output", "resume", "processes"}
