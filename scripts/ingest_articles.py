"""Read raw news files and write clean articles, with every reject and its reason.

    python scripts/ingest_articles.py input=my_articles output=data/mine/articles
    python scripts/ingest_articles.py input='[news.jsonl,pages/]' output=data/mine/articles
    python scripts/ingest_articles.py input=export.csv 'fields={text: isi}' source=Senja

Reads .txt, .html, .json, .jsonl, .csv, .parquet and feeds, also .gz, and folders of them. Lines and
sentences that recur in many articles of a source are left out as boilerplate. Writes
articles.parquet, rejects.parquet, removed.parquet (what was left out), boilerplate.json (what
recurs, for predict_stance) and ingest.json (counts) into the output folder.
"""

from labels.ingest.settings import IngestSettings
from labels.pipeline.command import Stage

STAGE = Stage(__file__, IngestSettings, "labels.ingest.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
