import pytest

from labels.pipeline.errors import ConfigError


def test_there_is_one_source(composer):
    with pytest.raises(ConfigError, match=r"make_tasks\.input: expected this or tasks, got None"):
        composer.settings("make_tasks", "output=x")
    with pytest.raises(ConfigError, match="expected this or tasks, got a and b"):
        composer.settings("make_tasks", "output=x", "input=a", "tasks=b")


def test_what_a_share_needs_is_asked_for(composer):
    given = ["output=x", "input=a"]
    with pytest.raises(ConfigError, match=r"votes: expected a table, as shares\.disagreement"):
        composer.settings("make_tasks", *given, "shares.disagreement=1")
    none = [f"shares.{name}=0" for name in ("uncertainty", "disagreement", "thin", "random")]
    with pytest.raises(ConfigError, match="expected a share above 0"):
        composer.settings("make_tasks", *given, *none)
    with pytest.raises(ConfigError, match="answers: expected with tasks alone"):
        composer.settings("make_tasks", *given, "answers=y")
    with pytest.raises(ConfigError, match="gold: no file gone.jsonl"):
        composer.settings("make_tasks", *given, "gold=[gold.jsonl,gone.jsonl]")
