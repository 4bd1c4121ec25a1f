from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from labels.pipeline.errors import ConfigError
from training.export.int8 import four_bits, pack, write_int8

WIDTH = 64


def save(folder, table, **weights):
    """Write a graph that looks rows of a table up, and multiplies them with each of the weights."""
    nodes, states = [helper.make_node("Gather", ["table", "ids"], ["rows"], name="look_up")], "rows"
    for name in weights:
        nodes.append(helper.make_node("MatMul", [states, name], [f"by {name}"], name=f"by {name}"))
        states = f"by {name}"
    nodes.append(helper.make_node("Identity", [states], ["out"]))
    made = helper.make_graph(
        nodes,
        "words",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", WIDTH])],
        [numpy_helper.from_array(values, n) for n, values in {"table": table, **weights}.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, folder / "model.onnx")
    return folder / "model.onnx"


@pytest.fixture
def graph(tmp_path):
    """Write a graph that looks words up, and multiplies them twice; one channel is very large."""
    rng = np.random.default_rng(5)
    table = (rng.integers(-8, 8, (40, WIDTH)) * 0.25).astype(np.float32)
    table[:, 3] *= 100  # an outlier, so that this table is not stored in 4 bits
    first, second = (rng.normal(size=(WIDTH, WIDTH)).astype(np.float32) for _ in range(2))
    return save(tmp_path, table=table, first=first, second=second)


BATCH = {"ids": np.arange(40)}


def answers(path):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["out"], BATCH)[0]


def test_weights_are_stored_in_8_bits_and_nearly_give_the_same(graph, tmp_path, caplog):
    path = tmp_path / "small.onnx"
    write_int8(graph, path, [BATCH])
    assert caplog.text == ""
    write_int8(graph, tmp_path / "again.onnx", [BATCH])
    assert (tmp_path / "again.onnx").read_bytes() == path.read_bytes()
    kinds = {found.name: found.data_type for found in onnx.load(path).graph.initializer}
    assert {kinds["first_quantized"], kinds["second_quantized"]} == {TensorProto.INT8}
    exact, found = answers(graph), answers(path)
    assert (found != exact).any()
    if sums_in_32_bits():  # else sums of products this large are cut off, by no fault of the graph
        assert np.abs(found - exact).max() < 0.03 * np.abs(exact).max()


def sums_in_32_bits():
    """Tell whether this processor adds products of 8 bits without cutting them off at 16."""
    flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    return not flags.isdisjoint({"amx_int8", "avx512_vnni", "avx_vnni", "asimddp"})


def assert_near(found, expected):
    """Check the numbers of a layer; where sums are cut off at 16 bits, most of them."""
    near = np.abs(found - expected) < 0.04 * np.abs(expected).max()
    assert near.mean() == 1 if sums_in_32_bits() else near.mean() > 0.75, near.mean()


def test_without_channels_made_alike_a_large_one_spoils_the_others(graph, tmp_path, monkeypatch):
    exact = answers(graph)
    errors = []
    for _ in range(2):
        path = tmp_path / "small.onnx"
        write_int8(graph, path, [BATCH])
        errors.append(np.abs(answers(path) - exact).mean())
        monkeypatch.setattr("training.export.int8._smooth", lambda *_: None)
    assert errors[0] < 0.7 * errors[1]


def test_four_bits_give_a_table_that_was_made_of_them_exactly():
    rng = np.random.default_rng(7)
    scales = rng.normal(size=(50, 2)).astype(np.float16)
    scales[3, 0] = 0
    values = rng.integers(-8, 8, (50, 2, 32))
    table = (values * scales[..., None].astype(np.float32)).reshape(50, 64).astype(np.float32)
    found = four_bits(table)
    assert found is not None
    numbers, own = found
    again = numbers.reshape(50, 2, 32) * own[..., None].astype(np.float32)
    assert (again.reshape(50, 64) == table).all()
    assert numbers.min() >= -8
    assert numbers.max() <= 7


def test_a_table_of_other_numbers_is_left_alone():
    assert four_bits(np.random.default_rng(3).normal(size=(4, 32)).astype(np.float32)) is None


def test_two_numbers_stand_in_a_byte_the_first_one_low():
    assert pack(np.array([[1, -1], [7, -8]], np.int8)) == bytes([0xF1, 0x87])


def test_embeddings_of_four_bits_are_looked_up_the_same(tmp_path):
    table = (np.random.default_rng(2).integers(-8, 8, (9, WIDTH)) * 0.5).astype(np.float32)
    weights = np.eye(WIDTH, dtype=np.float32)
    save(tmp_path, table=table, weights=weights)
    write_int8(tmp_path / "model.onnx", tmp_path / "small.onnx", [{"ids": np.arange(9)}])
    small = onnx.load(tmp_path / "small.onnx")
    assert "GatherBlockQuantized" in {node.op_type for node in small.graph.node}
    assert "table" not in {found.name for found in small.graph.initializer}
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx")
    found = session.run(["out"], {"ids": np.arange(9)})[0]
    np.testing.assert_allclose(found, table, atol=0.05)


def save_layer(folder, given="input_ids", extra=()):
    """Write a graph of a table and a linear layer as torch writes it; return both weights."""
    rng = np.random.default_rng(4)
    table, weights = (rng.normal(size=(n, WIDTH)).astype(np.float32) for n in (20, 70))
    bias = rng.normal(size=70).astype(np.float32)
    names = {"table": table, "weights": weights, "bias": bias}
    nodes = [
        helper.make_node("Gather", ["table", given], ["rows"], name="look_up"),
        helper.make_node("Gemm", ["rows", "weights", "bias"], ["out"], name="layer", transB=1),
        *extra,
    ]
    graph = helper.make_graph(
        nodes,
        "layer",
        [helper.make_tensor_value_info(given, TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 70])],
        [numpy_helper.from_array(values, name) for name, values in names.items()],
    )
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=10), folder / "model.onnx")
    return table @ weights.T + bias


def test_a_linear_layer_and_a_table_of_any_numbers_are_small_too(tmp_path):
    expected = save_layer(tmp_path)
    write_int8(tmp_path / "model.onnx", tmp_path / "small.onnx", [{"input_ids": np.arange(20)}])
    kinds = {
        one.name: one.data_type for one in onnx.load(tmp_path / "small.onnx").graph.initializer
    }
    assert kinds["weights_quantized"] == TensorProto.INT8
    assert kinds["table"] == TensorProto.FLOAT16
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx")
    found = session.run(["out"], {"input_ids": np.arange(20)})[0]
    assert_near(found, expected)


def test_embeddings_that_stay_are_looked_up_by_their_new_ids(tmp_path):
    expected, kept = save_layer(tmp_path), [0, 3, 19]
    batch = {"input_ids": np.arange(3)}
    write_int8(tmp_path / "model.onnx", tmp_path / "small.onnx", [batch], kept)
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx")
    found = session.run(["out"], batch)[0]
    assert_near(found, expected[kept])


def test_a_graph_that_reads_ids_in_another_way_keeps_its_table(tmp_path):
    save_layer(tmp_path, extra=[helper.make_node("Neg", ["input_ids"], ["turned"])])
    with pytest.raises(ConfigError, match="does nothing with a token but to look it up"):
        write_int8(tmp_path / "model.onnx", tmp_path / "small.onnx", [], [0, 1])
