import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import Article
from labels.pipeline.tables import read_table, write_table


def test_sentences_are_written_and_their_counts_printed(tmp_path, composer, capsys):
    article = Article(article_id="a1", title="عنوان", text="جملة أولى. جملة ثانية.", lang="ar")
    row = vars(article) | {"blocks": [{"start": 0, "end": 22, "kind": "body"}]}
    write_table(tmp_path / "articles.parquet", "articles", [row])
    composer.run(
        "segment_sentences",
        f"articles={tmp_path / 'articles.parquet'}",
        f"output={tmp_path / 'sentences.parquet'}",
    )
    rows = read_table(tmp_path / "sentences.parquet", "sentences")
    assert [(row["sentence_id"], row["kind"], row["field"], row["text"]) for row in rows] == [
        ("a1#0", "title", "title", "عنوان"),
        ("a1#1", "body", "text", "جملة أولى."),
        ("a1#2", "body", "text", "جملة ثانية."),
    ]
    assert "3 sentences" in capsys.readouterr().err


def test_missing_articles_are_a_data_error(tmp_path, composer):
    with pytest.raises(DataError, match="run the stage that writes it"):
        composer.run(
            "segment_sentences",
            f"articles={tmp_path / 'none.parquet'}",
            f"output={tmp_path / 'out' / 'sentences.parquet'}",
        )
    assert not (tmp_path / "out").exists()


def test_output_over_the_articles_is_a_config_error(composer):
    with pytest.raises(ConfigError, match="output: expected another file than articles"):
        composer.settings("segment_sentences", "articles=a.parquet", "output=./a.parquet")
