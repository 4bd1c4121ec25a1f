"""Label every file of a folder on a Ray cluster, each file into a folder of its own.

    python scripts/predict_shards.py input=articles/ output=labelled/
    python scripts/predict_shards.py input=articles/ output=labelled/ form=parquet address=auto
    python scripts/predict_shards.py input=articles/ output=labelled/ address=10.0.0.5:6379
    python scripts/predict_shards.py input=s3://news/articles output=s3://news/labelled

Input: a folder of what predict_stance reads, at the same path on every machine, or in a bucket that
every machine reaches (AWS_ACCESS_KEY_ID and the like, in its environment). The records of
articles/a.parquet are labelled/a.parquet/records.jsonl, and beside them stands what predict_stance
writes beside its output. The same command again labels what is not finished, or has changed. A
worker that dies costs the shard that it was at, which another one takes. Every machine needs the
extras serve and cluster; docs/scale.md explains. Exit status: 0 done, 1 failed, 2 wrong usage.
"""

from labels.pipeline.command import Stage
from training.inference.shards.settings import PredictShardsSettings

STAGE = Stage(__file__, PredictShardsSettings, "training.inference.shards.stage")

if __name__ == "__main__":
    STAGE.main(__doc__)
