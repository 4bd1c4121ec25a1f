"""Write a graph again with weights in 8 bits, and word embeddings in 4 where that loses nothing.

Weights are rounded by output channel, and what they are multiplied with once for each product, as
it comes (dynamic quantization of ONNX Runtime). A few channels of a text encoder are far larger
than the others and would take the whole range of such a product, so each channel is first divided
by a number, and the weights that read it are multiplied by the same: SmoothQuant (Xiao et al. 2023,
https://arxiv.org/abs/2211.10438). Which numbers is found on sentences of training.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from labels.pipeline.errors import ConfigError
from training.export.artifact import INPUTS, open_model

Batch = Mapping[str, NDArray[Any]]  # inputs of the graph, by name

_STRENGTH = 0.65  # share of a channel's size that goes to the weights; best of 0.5, 0.65 and 0.8
_LEAST = 64  # rows and columns of a matrix that is worth it
_TINY = 1e-5  # of a channel that is never used
_BLOCK = 32  # embeddings that share a scale, as in the embedded backbone
_HALF, _LARGEST = 8, 7  # 4 bits hold -8 to 7


def write_int8(
    source: Path, path: Path, batches: Iterable[Batch], kept: Sequence[int] | None = None
) -> None:
    """Write the graph of ``source`` with small weights, as one file.

    Args:
        source: A graph in float32.
        path: File to write.
        batches: Inputs like those of use, by which channels are made alike.
        kept: The tokens whose embeddings stay, in the order of their new ids, which ``batches``
            hold; None keeps all.

    Raises:
        ConfigError: Some are kept, and the graph looks up other tokens than it is given.
    """
    model = onnx.load(source)
    del model.graph.value_info[:]  # shapes that the quantizer would find to be others
    if kept is not None:
        _keep_embeddings(model, kept)
    _unfold(model)
    if products := _products(model):
        _smooth(model, products, _largest_inputs(model, products, batches))
        with _hushed():
            quantize_dynamic(
                model,
                path,
                weight_type=QuantType.QInt8,
                per_channel=True,
                op_types_to_quantize=["MatMul"],
                nodes_to_quantize=[node.name for node in products],  # none would be all
            )
        model = onnx.load(path)
    _shrink_embeddings(model)
    _halve_embeddings(model)
    onnx.save(model, path)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep the quantizer's advice, which is for other graphs, from the console."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _keep_embeddings(model: ModelProto, kept: Sequence[int]) -> None:
    """Keep some rows of the table that the tokens are looked up in."""
    (given, *_) = INPUTS
    readers = [node for node in model.graph.node if given in node.input]
    weights = {found.name: found for found in model.graph.initializer}
    tables = {node.input[0] for node in readers if node.op_type == "Gather"}
    if len(tables) != 1 or any(node.op_type not in ("Gather", "Shape") for node in readers):
        raise ConfigError("expected a graph that does nothing with a token but to look it up")
    table = weights[tables.pop()]
    rows = numpy_helper.to_array(table)[np.asarray(kept)]
    table.CopyFrom(numpy_helper.from_array(rows, table.name))


def _read_once(model: ModelProto) -> dict[str, TensorProto]:
    """Give the weights that a single node reads, by their names."""
    readers = Counter(name for node in model.graph.node for name in node.input)
    return {found.name: found for found in model.graph.initializer if readers[found.name] == 1}


def _unfold(model: ModelProto) -> None:
    """Write products with a sum in one node (Gemm) as a product and a sum."""
    weights = _read_once(model)
    for place, node in reversed(list(enumerate(model.graph.node))):
        table = weights.get(node.input[1]) if node.op_type == "Gemm" else None
        if table is None or len(node.input) != 3 or not _is_linear(node):
            continue
        matrix = np.ascontiguousarray(numpy_helper.to_array(table).T)
        table.CopyFrom(numpy_helper.from_array(matrix, table.name))
        product = f"{node.name}_product"
        parts = [
            helper.make_node("MatMul", node.input[:2], [product], name=product),
            helper.make_node("Add", [product, node.input[2]], node.output, name=f"{node.name}_sum"),
        ]
        model.graph.node.remove(node)
        for part in reversed(parts):
            model.graph.node.insert(place, part)


def _is_linear(node: NodeProto) -> bool:
    """Tell whether a Gemm multiplies with turned weights and adds, as a linear layer does."""
    found = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    plain = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}
    return plain | found == plain | {"transB": 1}


def _products(model: ModelProto) -> list[NodeProto]:
    """List the products of states with a large matrix of weights."""
    weights = {found.name: found.dims for found in model.graph.initializer}
    return [
        node
        for node in model.graph.node
        if node.op_type == "MatMul"
        and node.input[0] not in weights
        and len(weights.get(node.input[1], ())) == 2
        and min(weights[node.input[1]]) >= _LEAST
    ]


def _largest_inputs(
    model: ModelProto, products: Sequence[NodeProto], batches: Iterable[Batch]
) -> dict[str, NDArray[np.float32]]:
    """Find the largest size of each channel of what is multiplied, by its name."""
    names = list(dict.fromkeys(node.input[0] for node in products))
    watched = ModelProto()
    watched.CopyFrom(model)
    for name in names:
        watched.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    session = open_model(watched.SerializeToString())
    largest: dict[str, NDArray[np.float32]] = {}
    for batch in batches:
        for name, values in zip(names, session.run(names, dict(batch)), strict=True):
            found = np.abs(values).reshape(-1, values.shape[-1]).max(0)
            largest[name] = np.maximum(largest.get(name, found), found)
    return largest


def _smooth(
    model: ModelProto, products: Sequence[NodeProto], largest: Mapping[str, NDArray[np.float32]]
) -> None:
    """Divide the channels of what is multiplied, and multiply the weights that read them."""
    weights = {found.name: found for found in model.graph.initializer}
    readers: dict[str, list[NodeProto]] = {}
    for node in products:
        readers.setdefault(node.input[0], []).append(node)
    for name, nodes in readers.items():
        matrices = {node.input[1]: numpy_helper.to_array(weights[node.input[1]]) for node in nodes}
        of_weights = np.max([np.abs(matrix).max(1) for matrix in matrices.values()], axis=0)
        scale = np.maximum(largest[name], _TINY) ** _STRENGTH
        scale /= np.maximum(of_weights, _TINY) ** (1 - _STRENGTH)
        scale = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
        by, even = f"{name}_by", f"{name}_even"
        model.graph.initializer.append(numpy_helper.from_array(1 / scale, by))
        place = next(i for i, node in enumerate(model.graph.node) if node.name == nodes[0].name)
        model.graph.node.insert(place, helper.make_node("Mul", [name, by], [even], name=even))
        for matrix_name, matrix in matrices.items():
            scaled = (matrix * scale[:, None]).astype(np.float32)
            weights[matrix_name].CopyFrom(numpy_helper.from_array(scaled, matrix_name))
        for node in nodes:
            node.input[0] = even


def _shrink_embeddings(model: ModelProto) -> None:
    """Store tables of embeddings in 4 bits where they are multiples of their blocks' scales.

    Those of the embedded backbone are: they came in 4 bits, and training leaves them alone.
    """
    weights = {found.name: found for found in model.graph.initializer}
    for place, node in reversed(list(enumerate(model.graph.node))):
        table = weights.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[1] % _BLOCK:
            continue
        found = four_bits(numpy_helper.to_array(table))
        if found is None:
            continue
        values, scales = found
        packed = helper.make_tensor(
            f"{table.name}_4", TensorProto.INT4, table.dims, pack(values), raw=True
        )
        model.graph.initializer.extend(
            [packed, numpy_helper.from_array(scales, f"{table.name}_scales")]
        )
        half = f"{node.output[0]}_half"
        gather = helper.make_node(
            "GatherBlockQuantized",
            [packed.name, node.input[1], f"{table.name}_scales"],
            [half],
            domain="com.microsoft",
            gather_axis=0,
            quantize_axis=1,
            block_size=_BLOCK,
        )
        cast = helper.make_node("Cast", [half], [node.output[0]], to=TensorProto.FLOAT)
        model.graph.node.remove(node)
        model.graph.node.insert(place, cast)
        model.graph.node.insert(place, gather)
        model.graph.initializer.remove(table)
    if all(found.domain != "com.microsoft" for found in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def _halve_embeddings(model: ModelProto) -> None:
    """Store the tables of embeddings that are left in 16 bits."""
    weights = _read_once(model)
    for place, node in reversed(list(enumerate(model.graph.node))):
        table = weights.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.data_type != TensorProto.FLOAT:
            continue
        half = numpy_helper.to_array(table).astype(np.float16)
        table.CopyFrom(numpy_helper.from_array(half, table.name))
        (found,) = node.output
        node.output[0] = f"{found}_half"
        cast = helper.make_node("Cast", [node.output[0]], [found], to=TensorProto.FLOAT)
        model.graph.node.insert(place + 1, cast)


def four_bits(
    table: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.float16]] | None:
    """Find whole numbers from -8 to 7 and a scale for each block of 32 that give a table exactly.

    Args:
        table: Shape ``(rows, width)``, the width a multiple of 32.

    Returns:
        Numbers, same shape, and scales, shape ``(rows, width / 32)``; None where there are none.
    """
    blocks = table.reshape(len(table), -1, _BLOCK)
    place = np.abs(blocks).argmax(-1)[..., None]
    extreme = np.take_along_axis(blocks, place, -1)
    for most in (-_HALF, _LARGEST, *range(_LARGEST - 1, 0, -1)):  # what the largest may stand for
        scales = (extreme / most).astype(np.float16)
        divisor = np.where(scales == 0, 1, scales).astype(np.float32)
        values = np.rint(blocks / divisor)
        fits = (values * divisor == blocks).all(-1, keepdims=True)
        fits &= (values >= -_HALF).all(-1, keepdims=True) & (values <= _LARGEST).all(
            -1, keepdims=True
        )
        if most == -_HALF:
            kept_values, kept_scales, done = values, scales, fits
        else:
            kept_values = np.where(done, kept_values, values)
            kept_scales = np.where(done, kept_scales, scales)
            done |= fits
        if done.all():
            return kept_values.astype(np.int8).reshape(table.shape), kept_scales[..., 0]
    return None


def pack(values: NDArray[np.int8]) -> bytes:
    """Pack numbers of 4 bits as ONNX does: two a byte, the first one low."""
    nibbles = values.reshape(-1).astype(np.uint8) & 15
    return (nibbles[::2] | nibbles[1::2] << 4).tobytes()
