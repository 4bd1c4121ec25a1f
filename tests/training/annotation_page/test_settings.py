import pytest

from labels.pipeline.errors import ConfigError


def test_the_page_listens_on_this_machine_alone_unless_told_otherwise(composer):
    assert composer.settings("serve_annotation", "tasks=x", "answers=y").host == "127.0.0.1"


def test_what_is_not_there_is_told(composer, tmp_path):
    (tmp_path / "answers").touch()
    given = [f"answers={tmp_path / 'answers'}", f"guidelines={tmp_path / 'rules.md'}"]
    with pytest.raises(ConfigError) as caught:
        composer.settings("serve_annotation", "tasks=x", *given)
    assert f"guidelines: no file {tmp_path / 'rules.md'}" in str(caught.value)
    assert "answers: expected a folder, got the file" in str(caught.value)
