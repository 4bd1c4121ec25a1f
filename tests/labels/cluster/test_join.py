import os
import socket
import subprocess
import sys

import pytest

from labels.cluster.join import joined
from labels.pipeline.errors import ConfigError


@pytest.mark.parametrize("address", ["127.0.0.1:{}", "127.0.0.1:70000", "nowhere.invalid:x"])
def test_where_no_cluster_answers_it_is_said_at_once(address):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ConfigError, match="address: expected host:port of the head of a Ray"):
        with joined(address.format(port)):
            pass


def test_without_ray_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r"pip install .*'\.\[cluster\]'"), joined(None):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["token", None])
def test_a_token_that_is_not_here_is_told(cluster, tmp_path, mode):
    code = f"from labels.cluster.join import joined\nwith joined({cluster!r}): pass"
    env = {name: value for name, value in os.environ.items() if not name.startswith("RAY_AUTH")}
    env |= {"HOME": str(tmp_path)} | ({"RAY_AUTH_MODE": mode} if mode else {})
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    said = run.stderr.rstrip().rpartition("\n")[2]
    assert said.startswith("labels.pipeline.errors.ConfigError: address: expected host:port")
    assert said.endswith(
        "a cluster that was started with a token needs it here too: see docs/scale.md"
    )


@pytest.mark.slow
def test_with_the_token_the_cores_of_all_nodes_are_counted(cluster):
    with joined(cluster) as n_cores:
        assert n_cores == 2
