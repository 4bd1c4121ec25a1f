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
        ("processes=-1", r"ingest_articles.processes: expected \[0, 1,024\], got -1"),
        ("boilerplate.least_share=0", r"boilerplate.least_share: expected \(0, 1\], got 0.0"),
        ("boilerplate.least_articles=1", "boilerplate.least_articles: expected at least 2, got 1"),
        ("fields=isi", r"fields: expected a mapping such as \{text: isi\}, got 'isi'"),
        ("fields={text: [a]}", "fields: expected a mapping such as"),
        ("near_duplicates.threshold=0", r"near_duplicates.threshold: expected \(0, 1\], got 0.0"),
    ],
)
def test_settings_that_cannot_work_are_named(composer, override, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("ingest_articles", override)


def test_the_settings_as_they_stand_are_right(composer):
    assert isinstance(composer.settings("ingest_articles"), IngestSettings)


def test_a_mapping_of_fields_is_given_on_the_command_line(composer):
    settings = composer.settings("ingest_articles", "fields={text: isi, title: judul}")
    assert settings.fields == {"text": "isi", "title": "judul"}
