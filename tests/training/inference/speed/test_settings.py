import pytest

from labels.pipeline.errors import ConfigError


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("input=-", "input: expected a file or folder, which can be read more than once, got -"),
        ("stock_batches=[]", "stock_batches: expected at least one"),
        ("stock_batches=[4,0]", "stock_batches: expected at least 1, got 0"),
        ("output=docs", "output: expected a file, got the folder docs"),
        ("page=docs", "page: expected a file, got the folder docs"),
        ("output=docs/inference_speed.md", "page: expected another file than output"),
        ("seconds=1e300", "seconds: expected"),
        ("seconds=0", "seconds: expected"),
        ("rounds=0", "rounds: expected"),
    ],
)
def test_what_would_fail_after_minutes_fails_at_once(composer, change, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("benchmark_speed", change)


def test_the_defaults_are_those_of_the_main_job(composer):
    found = composer.settings("benchmark_speed")
    assert (str(found.model), str(found.model_folder)) == ("exports/default", "models/default")
    assert found.input.is_dir()
    assert composer.settings("benchmark_speed", "model_folder=null").model_folder is None
