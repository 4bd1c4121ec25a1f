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


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://news/in", "expected a folder or an address such as s3://bucket/folder, got ftp"),
        ("s3:///in", "expected a folder or an address such as s3://bucket/folder, got s3:///in"),
        ("s3://key:hidden@news/in", "expected s3://bucket/folder alone, got more"),
        ("s3://news/in?secret_key=hidden", "expected s3://bucket/folder alone, got more"),
    ],
)
@pytest.mark.parametrize("setting", ["input", "output"])
def test_an_address_is_a_bucket_and_a_folder_and_holds_no_key(
    shard_settings, setting, address, said
):
    with pytest.raises(ConfigError) as told:
        shard_settings(**{setting: address})
    assert f"{setting}: {said}" in str(told.value)
    assert "hidden" not in str(told.value)


def test_records_do_not_go_where_a_second_run_would_read_them_in_a_bucket(shard_settings):
    with pytest.raises(ConfigError, match="output: expected a folder outside the input, got s3:"):
        shard_settings(input="s3://news/in", output="s3://news/in/out")
    with pytest.raises(ConfigError, match="output: expected a folder in the bucket, got all of it"):
        shard_settings(input="s3://news/in", output="s3://news/")
    assert shard_settings(input="s3://news/in", output="s3://news/in2").output == "s3://news/in2"


def test_workers_are_told_whole_paths_and_one_variant(shard_settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = shard_settings(output="labelled", variant="auto").for_workers("int8")
    assert found.output == str(tmp_path / "labelled")
    assert found.variant == "int8"


def test_of_one_shard_predict_stance_would_be_asked_the_same(shard_settings, tmp_path):
    own = shard_settings(source="Daily", abstain_risk=0.2, unit="sentence", fields="{text: isi}")
    one = own.of_one(tmp_path / "a", tmp_path / "b.jsonl")
    shared = set(vars(one)) & set(vars(own)) - {"input", "output"}
    assert {name: getattr(one, name) for name in shared} == {
        name: getattr(own, name) for name in shared
    }
    assert set(vars(one)) - shared == {"input", "output", "resume", "processes"}
