"""Label every sentence of news articles with an exported model.

    python scripts/predict_stance.py input=article.txt output=stance.jsonl
    python scripts/predict_stance.py input=folder/ output=stance.jsonl model=exports/real_news
    cat posts.jsonl | python scripts/predict_stance.py input=- output=stance.jsonl unit=sentence

Input: .txt, .html, .jsonl, .csv, .parquet, also .gz, a folder, or - for standard input. Paths may
hold any character. Output: one JSON line per sentence; what could not be read stands in
OUTPUT.rejects.jsonl with the reason, a summary in OUTPUT.meta.json. Exit status: 0 done, 1 failed,
2 wrong usage.
"""

from labels.pipeline.command import Stage
from training.inference.settings import PredictSettings

STAGE = Stage(__file__, PredictSettings, "training.inference.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
