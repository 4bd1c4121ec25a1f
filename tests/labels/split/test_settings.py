from pathlib import Path

import pytest

from labels.pipeline.errors import ConfigError
from labels.split.settings import FixedSplits, SplitKind


def test_wrong_settings_are_all_named(split_settings):
    with pytest.raises(ConfigError) as caught:
        split_settings(sizes={"train": 0.5, "held": 0.2}, max_shared=0.0, silver_weight=-1.0)
    assert str(caught.value).splitlines() == [
        "split_examples.silver_weight: expected at least 0, got -1.0",
        "split_examples.max_shared: expected (0, 1], got 0.0",
        "split_examples.sizes: expected ['dev', 'test', 'train'], got ['held', 'train']",
        "split_examples.sizes: expected a sum of 1, got 0.7",
    ]


def test_a_fixed_file_must_be_there_where_the_split_is_fixed(split_settings):
    fixed = FixedSplits(train=[], dev=[Path("none.jsonl")], test=[])
    with pytest.raises(ConfigError, match=r"fixed: no file none\.jsonl"):
        split_settings(kind=SplitKind.fixed, fixed=fixed)
    assert split_settings(fixed=fixed).fixed == fixed  # not read, so it need not be there


def test_a_fixed_split_needs_no_sizes(split_settings):
    assert split_settings(kind=SplitKind.fixed, sizes={}).sizes == {}
