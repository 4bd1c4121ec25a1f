import pytest

from labels.pipeline.errors import ConfigError
from training.export.artifact import VARIANT_FILES
from training.inference.processor import choose_variant, multiplies_int8


def holding(*variants, **refused):
    files = [name for variant in variants for name in VARIANT_FILES[variant].all]
    return {"sha256": dict.fromkeys(files, ""), "refused": refused}


BOTH = holding("fp32", "int8")
ONE = holding("fp32", int8="ru: expected 0.980, found 0.9")


@pytest.fixture
def processor(tmp_path, monkeypatch):
    def pretend(flags):
        path = tmp_path / "cpuinfo"
        path.write_text(f"processor\t: 0\nflags\t\t: fpu {flags} sse\nbugs\t: none\n", "ascii")
        monkeypatch.setattr("training.inference.processor._CPU_INFO", path)
        multiplies_int8.cache_clear()

    yield pretend
    multiplies_int8.cache_clear()


@pytest.mark.parametrize(
    ("flags", "expected"), [("avx", "fp32"), ("avx2", "int8"), ("amx_int8", "int8")]
)
def test_small_weights_are_taken_where_the_processor_is_made_for_them(processor, flags, expected):
    processor(flags)
    assert choose_variant(BOTH, "auto") == expected
    assert choose_variant(ONE, "auto") == "fp32"
    other = "small" if expected == "int8" else "fp32"
    assert choose_variant(holding("fp32", "small"), "auto") == other


def test_where_nothing_is_known_of_the_processor_the_exact_graph_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr("training.inference.processor._CPU_INFO", tmp_path / "none")
    multiplies_int8.cache_clear()
    assert choose_variant(BOTH, "auto") == "fp32"
    multiplies_int8.cache_clear()


def test_a_variant_may_be_asked_for_on_any_processor(processor):
    processor("avx")
    assert choose_variant(BOTH, "int8") == "int8"
    assert choose_variant(ONE, "fp32") == "fp32"


def test_a_variant_that_was_left_out_is_told_with_the_reason():
    with pytest.raises(ConfigError, match="got int8 .ru: expected 0.980, found 0.9"):
        choose_variant(ONE, "int8")


def test_where_the_exact_graph_is_not_there_what_is_there_is_taken(processor):
    processor("avx2")
    assert choose_variant(holding("small"), "auto") == "small"
    assert choose_variant(holding("int8", "small"), "auto") == "int8"
    with pytest.raises(ConfigError, match="expected small, which the export holds, got fp32"):
        choose_variant(holding("small"), "fp32")
