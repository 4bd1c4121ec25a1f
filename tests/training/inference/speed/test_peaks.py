import numpy as np
import pytest
import torch

from training.inference.speed.peaks import Machine, _fastest, _onnx


@pytest.fixture
def machine():
    threads = torch.get_num_threads()
    yield Machine(1, 0.002)
    torch.set_num_threads(threads)


def test_every_format_is_measured_by_each_library_that_has_it(machine):
    found = machine.peaks()
    assert [(peak.format, peak.by) for peak in found] == [
        ("fp32", "torch.mm"),
        ("fp32", "onnxruntime MatMul"),
        ("bf16", "torch.mm"),
        ("int8", "torch._int_mm"),
        ("int8", "onnxruntime MatMulInteger"),
    ]
    assert all(peak.gigaops > 0 for peak in found)
    assert all(peak.size in (256, 512, 1024, 2048) for peak in found)


def test_what_multiplies_slowly_gets_no_larger_matrices():
    made = []

    def make(size):
        made.append(size)
        return lambda: None

    assert _fastest(make, 0)[0] == 256
    assert made == [256]
    made.clear()
    size, product = _fastest(make, 60)
    assert made == [256, 512, 1024, 2048]
    assert size in made
    assert product() is None


@pytest.mark.parametrize(
    ("kind", "operator", "of"),
    [(np.float32, "MatMul", np.float32), (np.uint8, "MatMulInteger", np.int32)],
)
def test_the_graph_multiplies_whole_matrices_in_its_format(kind, operator, of):
    (found,) = _onnx(64, kind, operator, 1)()
    rng = np.random.default_rng(0)
    given = (99 * rng.random((64, 64))).astype(kind)
    weights = given if kind is np.float32 else given.astype(np.int64) - 50
    assert found.dtype == of
    np.testing.assert_allclose(found, given.astype(np.float64) @ weights, rtol=1e-4)
