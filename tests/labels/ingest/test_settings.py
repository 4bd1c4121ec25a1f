import pytest

from labels.ingest.settings import IngestSettings
from labels.pipeline.errors import ConfigError


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("max_megabytes=0", r"ingest_articles.max_megabytes: expected \(0, 1,000,000\], got 0.0"),
        ("max_megabytes=nan", "ingest_articles.max_megabytes: expected .* got nan"),
        ("input=[]", "ingest_articles.input: expected at least one, got none"),
        ("input= ", "input: expected a value"),
        ("output=", "output: expected a value"),
        ("near_duplicates.threshold=0", r"near_duplicates.threshold: expected \(0, 1\], got 0.0"),
    ],
)
def test_settings_that_cannot_work_are_named(composer, override, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("ingest_articles", override)


def test_the_settings_as_they_stand_are_right(composer):
    assert isinstance(composer.settings("ingest_articles"), IngestSettings)
