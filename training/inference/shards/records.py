"""What ``predict_shards`` writes besides what ``predict_stance`` does."""

from typing import Any, TypedDict

from training.contract.records import Summary


class Finished(TypedDict):
    """The content of ``shard.json``, which is written when all else of a shard stands."""

    key: str  # of program, model, settings and the file that was read
    state: dict[str, Any]  # what became of its inputs, as `Run.state` counts


class ShardCounts(TypedDict):
    """How many shards there were."""

    all: int
    labelled: int  # by this run
    finished_before: int
    failed: int


class OfShards(TypedDict):
    """What the line of ``OUTPUT.meta.json`` has besides the sums of all shards."""

    shards: ShardCounts


class ShardsSummary(Summary, OfShards):
    """The line of ``OUTPUT.meta.json``: the sums of all shards that are finished."""
