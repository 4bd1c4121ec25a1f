import pytest

from labels.functions import FUNCTIONS
from labels.functions.registry import expand_choice
from labels.pipeline.errors import ConfigError


def test_every_function_that_there_is_is_asked_by_default(composer):
    chosen = expand_choice(composer.settings("vote_sentences").functions)
    assert {scheme: set(names) for scheme, names in chosen.items()} == {
        scheme: set(functions) for scheme, functions in FUNCTIONS.items()
    }


def test_there_must_be_a_target(composer):
    with pytest.raises(ConfigError, match="vote_sentences.targets: expected at least one"):
        composer.settings("vote_sentences", "targets=[]")
