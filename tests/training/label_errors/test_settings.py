import pytest

from labels.pipeline.errors import ConfigError


def test_files_that_are_not_there_are_told(composer, tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(ConfigError) as caught:
        composer.settings(
            "find_label_errors",
            f"gold=[{tmp_path / 'g'}]",
            f"predictions=[{tmp_path / 'p'}]",
            f"output={tmp_path / 'out'}",
        )
    assert f"find_label_errors.gold: no file {tmp_path / 'g'}" in str(caught.value)
    assert f"predictions: no file {tmp_path / 'p'}" in str(caught.value)
    assert "output: expected a folder, got the file" in str(caught.value)
