import pytest

from labels.pipeline.errors import ConfigError


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("gold=none.jsonl", "gold: no file none.jsonl"),
        ("variants=[again,again]", "variants: expected each once, got again, again"),
        ("bootstrap_draws=1", "bootstrap_draws: expected at least 2"),
        ("most_per_language=1", "most_per_language: expected at least 2"),
    ],
)
def test_a_wrong_setting_is_told(composer, overrides, world, change, message):
    given = [*overrides(), f"gold={world / 'gold.jsonl'}"]
    with pytest.raises(ConfigError, match=message):
        composer.settings("audit_annotator", *given, change)
