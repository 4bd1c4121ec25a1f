import pytest

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import TargetKind
from labels.targets.settings import ContextSettings, TargetSettings


def make(**changes):
    values = {"name": "N", "description": "d", "kind": TargetKind.actor, "exclusions": {}}
    return TargetSettings(**values | {"aliases": {"en": ["N"]}} | changes)


def test_a_target_needs_a_name_to_look_for_and_a_context_for_ambiguous_ones():
    assert make().context is None
    context = ContextSettings(default=False)
    assert make(aliases={}, ambiguous={"en": ["n"]}, context=context).context is context
    with pytest.raises(ConfigError) as caught:
        make(aliases={"en": []})
    assert str(caught.value).startswith("target.N: aliases: expected at least one name")
    with pytest.raises(ConfigError, match="target.N: context: expected one"):
        make(ambiguous={"en": ["n"]})


def test_a_term_that_cannot_be_read_is_named():
    assert make(aliases={"en": ["Lund @2018..2024"]}).aliases
    with pytest.raises(ConfigError, match="target.N: 'Lund @2018': expected a term"):
        make(aliases={"en": ["Lund @2018"]})
