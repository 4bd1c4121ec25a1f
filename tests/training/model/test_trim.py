"""Each family of encoder that configs/backbone names, on tiny random models of its class."""

import json

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    DebertaV2Config,
    DebertaV2Model,
    ModernBertConfig,
    ModernBertModel,
    XLMRobertaConfig,
    XLMRobertaModel,
)

from labels.pipeline.command import CONFIGS
from labels.pipeline.tables import read_table
from tests.conftest import ARABIC, CALIBRATION, CYRILLIC, save_as_hub, tiny_tokenizer
from tests.training.fit.conftest import write_inputs
from training.inference.model import StanceModel
from training.model.backbone import load_backbone
from training.model.precision import Precision
from training.model.settings import HubSettings
from training.model.store import load_model
from training.report.stage import predict_examples

GREEK = "αβγδε"
TEXTS = ["Moscow, 12%!", "رحبت غزة", "Россия и ЕС", "x"]
SHAPE = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "initializer_range": 0.5,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
}


def unigram_tokenizer():
    """The tiny tokenizer, with Greek letters between the others."""
    data = json.loads(tiny_tokenizer().to_str())
    vocabulary = data["model"]["vocab"]
    data["model"]["vocab"] = (
        vocabulary[:10] + [[letter, -1.0] for letter in GREEK] + vocabulary[10:]
    )
    return Tokenizer.from_str(json.dumps(data))


def bpe_tokenizer(byte_level=False):
    """A tokenizer of letters and a few pairs, or of bytes and a few pairs."""
    letters = "▁Moscwguniadvrt,12%!x" + ARABIC + CYRILLIC + GREEK
    pairs = [("M", "o"), ("г", "а"), ("α", "β"), ("ر", "ح")]
    if byte_level:
        level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        as_bytes = {letter: level.pre_tokenize_str(letter)[0][0] for letter in letters}
        merges = [tuple(as_bytes[letter]) for letter in letters if len(as_bytes[letter]) == 2]
        merges += [(as_bytes[a], as_bytes[b]) for a, b in pairs]
        base = pre_tokenizers.ByteLevel.alphabet()
    else:
        merges, base = pairs, list(letters)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    pieces = dict.fromkeys([*special, *sorted(base), *("".join(pair) for pair in merges)])
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>"))
    if byte_level:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.decoder = decoders.Metaspace()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
        )
    tokenizer.add_special_tokens(special)
    return tokenizer


def positions(n):
    return {"max_position_embeddings": n, "type_vocab_size": 1}


FAMILIES = {
    "bert": (BertModel, BertConfig, positions(512), unigram_tokenizer),
    "xlm-roberta": (XLMRobertaModel, XLMRobertaConfig, positions(514), unigram_tokenizer),
    "modernbert": (
        ModernBertModel,
        ModernBertConfig,
        {"cls_token_id": 0, "sep_token_id": 2, "global_attn_every_n_layers": 2},
        bpe_tokenizer,
    ),
    "deberta-v2": (
        DebertaV2Model,
        DebertaV2Config,
        {
            "max_position_embeddings": 512,
            "type_vocab_size": 0,
            "relative_attention": True,
            "position_buckets": 16,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_biased_input": False,
        },
        unigram_tokenizer,
    ),
}


def save_family(folder, name):
    """Save a random model and its tokenizer as the hub would; return the tokenizer."""
    model, config, own, make = FAMILIES[name]
    tokenizer = make()
    torch.manual_seed(2)
    shape = SHAPE | own
    encoder = model(config(vocab_size=tokenizer.get_vocab_size(), **shape))
    save_as_hub(folder, encoder, tokenizer)
    return tokenizer


def settings_of(folder, *scripts):
    return HubSettings(
        name=str(folder), max_tokens=64, prefix="", revision=None, scripts=list(scripts)
    )


def states(backbone, text):
    ids = torch.tensor([backbone.tokenizer.encode(text).ids])
    with torch.no_grad():
        return backbone.model(input_ids=ids).last_hidden_state


@pytest.mark.parametrize("name", FAMILIES)
def test_a_trimmed_backbone_reads_its_scripts_as_the_whole_one_does(tmp_path, name):
    save_family(tmp_path, name)
    whole = load_backbone(settings_of(tmp_path))
    trimmed = load_backbone(settings_of(tmp_path, "latin", "arabic", "cyrillic"))
    sizes = [one.model.get_input_embeddings().num_embeddings for one in (whole, trimmed)]
    greek = len(GREEK) + (name == "modernbert")  # and the pair of Greek letters
    assert sizes == [whole.tokenizer.get_vocab_size(), sizes[0] - greek]
    assert trimmed.model.config.vocab_size == trimmed.tokenizer.get_vocab_size() == sizes[1]
    for text in TEXTS:
        assert whole.tokenizer.encode(text).tokens == trimmed.tokenizer.encode(text).tokens
        torch.testing.assert_close(states(whole, text), states(trimmed, text))
    unknown = trimmed.tokenizer.token_to_id("<unk>")
    assert unknown in trimmed.tokenizer.encode("αβ").ids
    assert unknown not in whole.tokenizer.encode("αβ").ids


def test_pieces_of_bytes_are_told_by_the_letters_that_they_spell(tmp_path, monkeypatch):
    monkeypatch.setitem(
        FAMILIES, "bert", (*FAMILIES["bert"][:3], lambda: bpe_tokenizer(byte_level=True))
    )
    whole_tokenizer = save_family(tmp_path, "bert")
    trimmed = load_backbone(settings_of(tmp_path, "latin", "arabic", "cyrillic"))
    whole = load_backbone(settings_of(tmp_path))
    dropped = whole_tokenizer.get_vocab_size() - trimmed.tokenizer.get_vocab_size()
    assert dropped == len(GREEK) + 1
    for text in [*TEXTS, "αβ"]:  # what has lost its pieces is spelled in bytes
        torch.testing.assert_close(
            *(torch.tensor(len(one.tokenizer.encode(text).ids)) for one in (whole, trimmed)),
            atol=8 if text == "αβ" else 0,
            rtol=0,
        )
        assert trimmed.tokenizer.decode(trimmed.tokenizer.encode(text).ids).strip() == text


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_trains_exports_and_comes_back(tmp_path, name, split_row, composer):
    save_family(tmp_path / "hub", name)
    write_inputs(tmp_path, split_row)
    (tmp_path / "scores.json").write_text('{"model": {}, "splits": {"dev": null}}', "utf-8")
    calibration = json.loads(json.dumps(CALIBRATION))
    for by_target in calibration.values():
        if isinstance(by_target, dict):
            by_target.pop("gaza_ceasefire", None)
    (tmp_path / "calibration.json").write_text(json.dumps(calibration), "utf-8")
    composer.run(
        "train_model",
        "backbone=hub",
        f"backbone.name={tmp_path / 'hub'}",
        "backbone.revision=null",
        "backbone.scripts=[latin,arabic,cyrillic]",
        "classifier.attention_heads=2",
        "classifier.head_width=16",
        "classifier.mention_layer=1",
        f"splits={tmp_path / 'splits.parquet'}",
        f"targets={tmp_path / 'targets.json'}",
        f"output={tmp_path / 'model'}",
        f"history={tmp_path / 'history.csv'}",
        f"checkpoints={tmp_path / 'checkpoints'}",
        "epochs=1",
        "batch_size=8",  # of 13 sentences: two steps
        "frozen_layers=1",
        "stance_shares=null",
        "author_share=null",
        "runtime.threads=1",
        "runtime.precision=fp32",
    )
    model = load_model(tmp_path / "model")
    rows = read_table(tmp_path / "splits.parquet", "splits")
    found = predict_examples(model, rows, 4, Precision.fp32)
    assert len({tuple(row["probabilities"]) for row in found}) > len(found) // 2
    composer.run(
        "export_model",
        f"model={tmp_path / 'model'}",
        f"splits={tmp_path / 'splits.parquet'}",
        f"scores={tmp_path / 'scores.json'}",
        f"calibration={tmp_path / 'calibration.json'}",
        f"output={tmp_path / 'export'}",
        "parity_sentences=8",
        "runtime.threads=1",
        "runtime.precision=fp32",
    )
    assert StanceModel(tmp_path / "export", threads=1)
    torch.use_deterministic_algorithms(False)


def test_every_backbone_of_the_hub_is_of_a_family_that_is_tried_here(composer):
    known = {name.replace("-", "") for name in FAMILIES}
    files = [path for path in (CONFIGS / "backbone").glob("*.yaml") if "[hub, " in path.read_text()]
    assert len(files) >= 7
    for path in files:
        family = path.read_text(encoding="utf-8").partition(",")[0].removeprefix("# ")
        assert family.lower().replace("-", "") in known, path
        composed = composer.settings(
            "train_model", f"backbone={path.stem}", "backbone.revision=abc"
        ).backbone
        assert composed.scripts == ["latin", "arabic", "cyrillic"]
