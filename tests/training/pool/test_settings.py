import pytest

from labels.pipeline.errors import ConfigError


def test_the_parts_are_not_overwritten(composer, tmp_path):
    gold = tmp_path / "gold.jsonl"
    gold.write_text("")
    with pytest.raises(ConfigError, match="output: expected another folder than those of the part"):
        composer.settings("export_pool", f"gold=[{gold}]", "output=exports/rules")


def test_gold_must_be_told(composer):
    with pytest.raises(ConfigError, match="gold"):
        composer.settings("export_pool")
