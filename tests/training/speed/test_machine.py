import numpy
import pytest

import training.speed.machine
from training.speed.machine import instructions, processor, versions

CPU_INFO = """processor\t: 0
model name\t: Some Processor 7
flags\t\t: fpu sse2 avx avx2 fma avx512f avx512_vnni amx_int8 rdtscp

processor\t: 1
model name\t: Some Processor 7
flags\t\t: fpu sse2 avx avx2 fma avx512f avx512_vnni amx_int8 rdtscp
"""


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Let the system say something else of its processor."""

    def tell(text):
        (tmp_path / "cpuinfo").write_text(text, encoding="ascii")
        monkeypatch.setattr(training.speed.machine, "_CPU_INFO", tmp_path / "cpuinfo")

    return tell


def test_the_processor_is_named_with_its_cores_and_what_multiplies(told):
    told(CPU_INFO)
    assert processor() == "2 cores of Some Processor 7"
    assert instructions() == ["amx_int8", "avx", "avx2", "avx512_vnni", "avx512f", "fma"]


def test_an_arm_processor_lists_features_and_has_no_name(told):
    told("processor\t: 0\nFeatures\t: fp asimd asimddp i8mm bf16 crc32\n")
    assert processor() == "this machine"
    assert instructions() == ["asimd", "asimddp", "bf16", "i8mm"]


def test_where_the_system_says_nothing_nothing_is_made_up(monkeypatch, tmp_path):
    monkeypatch.setattr(training.speed.machine, "_CPU_INFO", tmp_path / "none")
    assert (processor(), instructions()) == ("this machine", [])


def test_versions_are_those_that_are_installed():
    assert versions(["numpy"]) == {"numpy": numpy.__version__}
