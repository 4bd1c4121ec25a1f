"""Label every sentence of news articles with an exported model.

    python scripts/predict_stance.py input=article.txt output=stance.jsonl
    python scripts/predict_stance.py input=folder/ output=stance.jsonl model=exports/real_news
    python scripts/predict_stance.py input=folder/ output=stance.parquet resume=true
    cat posts.jsonl | python scripts/predict_stance.py input=- output=stance.jsonl unit=sentence

Input: .txt, .html, .jsonl, .csv, .parquet, also .gz, a folder, or - for standard input. Paths may
hold any character. Output: one JSON line per sentence, or a row of a .csv or .parquet file; beside
it OUTPUT.articles.jsonl sums up each article, what could not be read stands in
OUTPUT.rejects.jsonl with the reason, counts in OUTPUT.meta.json. A run that was stopped goes on
with resume=true. Exit status: 0 done, 1 failed, 2 wrong usage.
"""

from labels.pipeline.command import Stage
from training.inference.settings import PredictSettings

STAGE = Stage(__file__, PredictSettings, "training.inference.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
