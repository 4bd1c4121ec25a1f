"""Read raw news files and write clean articles, with every reject and its reason.

    python scripts/ingest_articles.py input=my_articles output=data/mine/articles
    python scripts/ingest_articles.py input='[news.jsonl,pages/]' output=data/mine/articles

Reads .txt, .html, .jsonl, .csv and .parquet, also .gz, and folders of them. Writes
articles.parquet, rejects.parquet and ingest.json (counts) into the output folder.
"""

from labels.ingest.settings import IngestSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, IngestSettings, "labels.ingest.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
