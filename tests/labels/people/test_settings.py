import pytest

from labels.pipeline.errors import ConfigError


def test_what_is_not_there_and_names_that_are_none_are_told_together(composer, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(ConfigError) as caught:
        composer.settings(
            "read_annotations",
            "tasks=x",
            f"input={tmp_path / 'gone.csv'}",
            f"output={tmp_path / 'out'}",
            "names=anna",
        )
    message = str(caught.value)
    assert f"read_annotations.input: no file or folder {tmp_path / 'gone.csv'}" in message
    assert "names: expected a mapping such as {1: anna}, got 'anna'" in message
    assert "output: expected a folder, got the file" in message


def test_names_of_users_that_are_numbers_can_be_given(composer, tmp_path):
    (tmp_path / "a.csv").touch()
    given = [f"input={tmp_path / 'a.csv'}", "tasks=x", "output=y", "names={1: anna}"]
    assert composer.settings("read_annotations", *given).names == {1: "anna"}
