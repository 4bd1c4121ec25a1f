import json
import os
import signal
from importlib import metadata

import pytest
from rich.console import Console

from labels.cluster.join import joined
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from tests.training.inference.shards.conftest import RUSSIAN, contents
from training.inference.shards.crew import TRIES, Crew
from training.inference.shards.listing import list_shards
from training.inference.shards.worker import ShardWorker


@pytest.fixture
def crew(cluster, shard_settings, tiny_export):
    """Make a crew of two on the cluster, with some settings changed."""

    here = metadata.version("sikap"), sha256_of(tiny_export[1] / "export.json")

    def make(expected=here, **changes):
        settings = shard_settings(**changes).for_workers("fp32")
        return Crew(settings, 2, expected, Console(stderr=True))

    with joined(cluster) as n_cores:
        assert n_cores == 2
        yield make


@pytest.fixture
def long_shard(folder):
    """Write a shard that takes some seconds."""
    rows = [{"id": f"long {i}", "text": f"{RUSSIAN} Число {'х' * i} выросло."} for i in range(400)]
    text = "\n".join(json.dumps(row) for row in rows) + "\n"
    (folder / "long.jsonl").write_text(text, encoding="utf-8")
    return "long.jsonl"


@pytest.mark.slow
def test_two_nodes_write_what_one_process_writes(crew, folder, shard_settings, tmp_path):
    shards = list_shards(str(folder))[0]
    alone = ShardWorker(shard_settings(output=tmp_path / "alone").for_workers("fp32"))
    alone.open()
    for shard in shards:
        alone.label(shard)
    two = crew()
    found = {done.name: done for done in two.label(shards)}
    assert set(found) == {shard.name for shard in shards}
    assert all(done.is_new for done in found.values())
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")
    # one model each, on a node each
    assert len({opened.process for opened in two.opened}) == len(two.opened) <= 2
    assert {done.process for done in found.values()} <= {one.process for one in two.opened}
    assert two.lost == 0


@pytest.mark.slow
def test_a_killed_worker_costs_its_shard_alone(crew, folder, long_shard, shard_settings, tmp_path):
    alone = ShardWorker(shard_settings(output=tmp_path / "alone").for_workers("fp32"))
    alone.open()
    shards = list_shards(str(folder))[0]
    for shard in shards:
        alone.label(shard)
    two = crew()
    killed, done = None, {}
    for found in two.label(shards):
        done[found.name] = found
        if killed is None:  # the first is a short one, and the other worker is at the long one
            assert found.name != long_shard
            (killed,) = {one.process for one in two.opened} - {found.process}
            os.kill(killed, signal.SIGKILL)
    assert two.lost == 1
    assert set(done) == {shard.name for shard in shards}
    assert done[long_shard].process != killed
    assert killed not in {found.process for found in done.values()}
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


@pytest.mark.slow
def test_a_shard_that_fails_is_tried_and_told_and_the_others_go_on(crew, folder, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "c.jsonl").touch()  # where the folder of a shard has to be
    found = list(crew().label(list_shards(str(folder))[0]))
    failed = [outcome for outcome in found if outcome.name == "c.jsonl"]
    assert len(failed) == 1
    assert "c.jsonl" in failed[0].reason
    assert len(found) == 4
    assert TRIES > 1


@pytest.mark.slow
def test_a_worker_of_another_program_or_model_stops_the_run(crew, folder, tmp_path):
    with pytest.raises(DataError, match="expected sikap 9 and the export x, found"):
        list(crew(expected=("9", "x")).label(list_shards(str(folder))[0]))
    with pytest.raises(ConfigError, match="expected an export folder"):
        list(crew(model=tmp_path).label(list_shards(str(folder))[0]))
    assert not (tmp_path / "out").exists()
