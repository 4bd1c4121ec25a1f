import pytest

from labels.annotator.guidelines import examples_in, guidelines_for, read_guidelines
from labels.pipeline.command import CONFIGS
from labels.pipeline.errors import ConfigError

FILE = CONFIGS.parent / "labels" / "guidelines.md"


@pytest.fixture(scope="module")
def guidelines():
    return read_guidelines(FILE)


@pytest.mark.parametrize("lang", ["id", "ar", "ru", "en"])
def test_every_rule_is_there_with_an_example_of_the_language(guidelines, lang):
    cut = guidelines_for(guidelines, lang, ())
    for rule in range(1, 14):
        assert f"### {rule}. " in cut
    assert cut.count('\n- "') >= 13
    assert "|---" not in cut
    assert f"| {lang}-" not in cut
    for left_out in ("Holder and voice", "Hard cases"):
        assert f"## {left_out}" in guidelines
        assert left_out not in cut


def test_examples_of_other_languages_and_targets_are_left_out(guidelines):
    cut = guidelines_for(guidelines, "en", ("oic", "gaza_ceasefire"))
    assert '"Washington slaps' not in cut  # of what is left out
    assert "Georgian opposition says Russian hand" in cut
    assert "Hoaks!" not in cut
    assert "-> oic" not in cut
    assert "- `russia` - the Russian state" in cut
    assert "- `oic` - " not in cut
    assert "57-member bloc" not in cut  # it goes on below its bullet
    assert "- `favor` - " in cut


def test_all_examples_are_found(guidelines):
    found = examples_in(guidelines)
    assert "Vietnam dan Rusia Teken Kesepakatan Energi Nuklir di Hanoi" in found
    assert len(found) > 60


def test_missing_or_empty_guidelines_are_told(tmp_path):
    with pytest.raises(ConfigError, match="expected guidelines in UTF-8"):
        read_guidelines(tmp_path / "none.md")
    (tmp_path / "empty.md").write_text(" \n", encoding="utf-8")
    with pytest.raises(ConfigError, match="found an empty file"):
        read_guidelines(tmp_path / "empty.md")
