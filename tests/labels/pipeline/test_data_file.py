import json

import pytest

from labels.pipeline.data_file import read_data


def test_a_copy_in_json_is_taken_for_the_yaml_that_it_was_made_of(tmp_path):
    (tmp_path / "rules.yaml").write_text("cut: [ال, لل]\nleast: 3\n", encoding="utf-8")
    written = read_data(tmp_path, "rules")
    assert written == {"cut": ["ال", "لل"], "least": 3}
    (tmp_path / "rules.json").write_text(json.dumps(written), encoding="utf-8")
    (tmp_path / "rules.yaml").unlink()
    assert read_data(tmp_path, "rules") == written


def test_a_file_that_is_not_there_and_one_that_is_no_yaml_are_told_apart(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"rules\.yaml"):
        read_data(tmp_path, "rules")
    (tmp_path / "rules.yaml").write_text("cut: [", encoding="utf-8")
    with pytest.raises(ValueError, match="expected"):
        read_data(tmp_path, "rules")
