import pytest

from labels.pipeline.errors import ConfigError

GOOD = "suite: news, share: 0.5"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("{suite: news, share: 0, weight: 1}", r"auxiliary\.share: expected \(0, 1\], got 0"),
        ("{suite: news, share: -1, weight: 1}", r"auxiliary\.share: expected \(0, 1\], got -1"),
        ("{suite: news, share: 2, weight: 1}", r"auxiliary\.share: expected \(0, 1\], got 2"),
        ("{suite: news, share: 1, weight: 0}", r"auxiliary\.weight: expected more than 0, got 0"),
        ("{suite: a.b, share: 1, weight: 1}", r"expected letters, digits, _ and - alone"),
        ("{suite: news, share: 1}", r"no value for: auxiliary\[0\]\.weight"),
        (
            f"{{{GOOD}, weight: 1}}, {{{GOOD}, weight: 2}}",
            "auxiliary: expected each set once, got news more often",
        ),
    ],
)
def test_an_entry_that_is_wrong_is_told(composer, entries, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("train_model", f"auxiliary=[{entries}]")


def test_the_files_of_a_set_are_inputs_of_the_training(composer, tmp_path):
    one = f"auxiliary=[{{{GOOD}, weight: 1}}]"
    settings = composer.settings("train_model", one, f"auxiliary_data={tmp_path}")
    assert settings.inputs()["auxiliary.news.examples"] == tmp_path / "news" / "examples.parquet"
    assert settings.inputs()["auxiliary.news.about"] == tmp_path / "news" / "suite.json"
    other = composer.settings("train_model", one.replace("0.5", "0.25"))
    assert other.without_paths() != settings.without_paths()


def test_the_main_job_learns_from_nothing_besides(composer):
    assert composer.settings("train_model", "experiment=default").auxiliary == []
