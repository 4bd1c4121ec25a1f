import pytest

from labels.pipeline.errors import ConfigError


def test_only_this_machine_is_listened_to_unless_told_otherwise(serve_settings):
    assert serve_settings().host == "127.0.0.1"
    assert serve_settings().allowed_hosts == []
    assert serve_settings().token_file is None


@pytest.mark.parametrize("name", ["'*'", "'a.example:80'", "'https://a.example'", "''"])
def test_a_host_that_is_no_name_is_refused(serve_settings, name):
    with pytest.raises(ConfigError, match="allowed_hosts: expected names without a port"):
        serve_settings(f"allowed_hosts=[{name}]")
