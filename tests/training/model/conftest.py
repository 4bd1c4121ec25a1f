"""The format of the embedded weights, written by hand with one layer, and a package of them."""

import hashlib
import struct
import sys

import numpy as np
import pytest

from training.model.settings import EmbeddedSettings

HIDDEN, FFN = 32, 64
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁ab", "a", "b", "ж", "語", "<mask>"]
SCORES = [0.0, 0.0, 0.0, 0.0, -2.0, -3.0, -4.0, -4.0, -4.0, -4.0, 0.0]


def quantize(numbers):
    """Store numbers in blocks of 32: an f16 scale of 0.5, then the low and the high nibbles."""
    nibbles = (np.asarray(numbers) / 0.5 + 8).astype(np.uint8).reshape(-1, 2, 16)
    scale = struct.pack("<e", 0.5)
    return b"".join(scale + bytes(low | high << 4) for low, high in nibbles)


def e5_q4_file(rng):
    """Write the format of the embedded weights, with one layer; return it and its matrices."""
    shapes = {"emb.word": (len(PIECES), HIDDEN), "emb.pos": (16, HIDDEN), "emb.type": (1, HIDDEN)}
    for name in "qkv":
        shapes[f"l0.{name}.w"] = (HIDDEN, HIDDEN)
    shapes |= {"l0.ao.w": (HIDDEN, HIDDEN), "l0.fi.w": (FFN, HIDDEN), "l0.fo.w": (HIDDEN, FFN)}
    # whole and half numbers from -4 to 3.5 are exact at 4 bits and a scale of 0.5
    matrices = {name: rng.integers(-8, 8, shape) / 2 for name, shape in shapes.items()}
    vectors = {"emb.ln.w": np.ones(HIDDEN), "emb.ln.b": np.zeros(HIDDEN)}
    for name in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
        vectors[f"l0.{name}.b"] = rng.normal(size=FFN if name == "fi" else HIDDEN)
    for name in ("aln", "oln"):
        vectors[f"l0.{name}.w"] = np.ones(HIDDEN)
    raw = {name: (quantize(matrix), matrix.size) for name, matrix in matrices.items()}
    raw |= {name: (vector.astype("<f4").tobytes(), vector.size) for name, vector in vectors.items()}
    blob = [piece.encode() for piece in PIECES]
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, 1, 2, FFN, len(PIECES), 16, 1) + struct.pack("<f", 1e-12)
    head += struct.pack("<6i", 32, len(PIECES), 0, 2, 1, 3)
    head += struct.pack("<Q", sum(map(len, blob)))
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4").tobytes()
    head += offsets + np.array(SCORES, "<f4").tobytes() + b"".join(blob)
    head += struct.pack("<iI", 1, 5) + b"\x01\x00\x00\x00\x00"  # a map of one code point to nothing
    head += struct.pack("<i", len(raw))
    position = len(head) + sum(2 + len(name) + 21 for name in raw)
    index, body = b"", b""
    for name, (data, size) in raw.items():
        index += struct.pack("<H", len(name)) + name.encode()
        index += struct.pack("<BIQQ", 0, size, position + len(body), len(data))
        body += data
    return head + index + body, matrices


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a tiny package of the embedded kind; return its settings and its matrices."""
    site = tmp_path / "site"
    (site / "tinyweights").mkdir(parents=True)
    (site / "tinyweights" / "__init__.py").write_text("raise RuntimeError('never imported')")
    content, matrices = e5_q4_file(np.random.default_rng(2))
    (site / "tinyweights" / "weights.bin").write_bytes(content)
    (site / "tinyweights-1.2.dist-info").mkdir()
    (site / "tinyweights-1.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tinyweights\nVersion: 1.2\n"
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings = EmbeddedSettings(
        name="tiny",
        max_tokens=16,
        prefix="",
        package="tinyweights",
        version="1.2",
        file="weights.bin",
        sha256=hashlib.sha256(content).hexdigest(),
        scripts=["latin", "cyrillic"],
    )
    yield settings, matrices
    sys.modules.pop("tinyweights", None)
