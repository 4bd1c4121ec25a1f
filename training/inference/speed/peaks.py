"""What the machine does at best: products of large square matrices, by number format."""

import os
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper

from training.export.artifact import open_model

FP32, BF16, INT8 = "fp32", "bf16", "int8"
_SIZES = (256, 512, 1024, 2048)  # rows and columns
_LONGEST = 0.5  # share of the time of a measurement that one product may take
_OPSET, _IR = 18, 10  # of ONNX

Product = Callable[[], object]


class Peak(NamedTuple):
    """The rate of a product."""

    format: str
    by: str  # the library and its function
    size: int  # rows and columns
    gigaops: float  # billions of operations a second


class Machine:
    """The processor, asked for products by every library at hand."""

    def __init__(self, threads: int, seconds: float) -> None:
        """Choose the size of matrices that each library multiplies fastest.

        Args:
            threads: Processor threads; 0 takes as many as there are cores.
            seconds: Of each later measurement; what multiplies slowly gets smaller matrices.
        """
        torch.set_num_threads(threads or os.cpu_count() or 1)
        self._seconds = seconds
        makers: dict[tuple[str, str], Callable[[int], Product]] = {
            (FP32, "torch.mm"): lambda size: _torch(size, torch.float32),
            (FP32, "onnxruntime MatMul"): lambda size: _onnx(size, np.float32, "MatMul", threads),
            (BF16, "torch.mm"): lambda size: _torch(size, torch.bfloat16),
            (INT8, "torch._int_mm"): _torch_int8,
            (INT8, "onnxruntime MatMulInteger"): lambda size: _onnx(
                size, np.uint8, "MatMulInteger", threads
            ),
        }
        self._products = {key: _fastest(make, seconds * _LONGEST) for key, make in makers.items()}

    def peaks(self) -> list[Peak]:
        """Multiply with each library for a while; the largest of a format is its peak."""
        return [
            Peak(kind, by, size, _gigaops(product, size, self._seconds))
            for (kind, by), (size, product) in self._products.items()
        ]


def _fastest(make: Callable[[int], Product], longest: float) -> tuple[int, Product]:
    """Find the size that is multiplied fastest, of those that do not take too long."""
    best: tuple[float, int, Product] | None = None
    for size in _SIZES:
        product = make(size)
        found = _gigaops(product, size, 0)
        if best is None or found > best[0]:
            best = (found, size, product)
        if 8 * 2 * size**3 / found / 1e9 > longest:  # what the next size would take
            break
    assert best is not None  # there are sizes
    return best[1], best[2]


def _gigaops(product: Product, size: int, seconds: float) -> float:
    """Multiply for so many seconds, once at least, after a product that does not count."""
    product()
    begin = perf_counter()
    done = 0
    while not done or perf_counter() - begin < seconds:
        product()
        done += 1
    return 2 * size**3 * done / (perf_counter() - begin) / 1e9


def _torch(size: int, kind: torch.dtype) -> Product:
    a, b = (torch.randn(size, size).to(kind) for _ in range(2))
    return lambda: torch.mm(a, b)


def _torch_int8(size: int) -> Product:
    a, b = (torch.randint(-99, 99, (size, size), dtype=torch.int8) for _ in range(2))
    return lambda: torch._int_mm(a, b)


def _onnx(size: int, kind: type[np.float32 | np.uint8], operator: str, threads: int) -> Product:
    """Multiply what comes with weights that stay, as a model does: ONNX Runtime lays these out."""
    rng = np.random.default_rng(0)
    given = (99 * rng.random((size, size))).astype(kind)
    weights = given if kind is np.float32 else (given.astype(np.int16) - 50).astype(np.int8)
    is_exact = kind is np.float32
    types = (TensorProto.FLOAT,) * 2 if is_exact else (TensorProto.UINT8, TensorProto.INT32)
    graph = helper.make_graph(
        [helper.make_node(operator, ["a", "b"], ["c"])],
        "product",
        [helper.make_tensor_value_info("a", types[0], [size, size])],
        [helper.make_tensor_value_info("c", types[1], [size, size])],
        [numpy_helper.from_array(weights, "b")],
    )
    opsets = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
    session = open_model(model.SerializeToString(), threads)
    return lambda: session.run(None, {"a": given})
