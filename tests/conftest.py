"""Shared by all tests: the stages as their scripts declare them, and a tiny random backbone."""

import runpy
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict, read_write
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from torch import nn
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from labels.command import CONFIGS, quote_path, register
from labels.schema import SENTIMENTS, STANCES
from labels.tables import write_table
from training.config import (
    BackboneConfig,
    BackboneKind,
    ClassifierConfig,
    ClassifierKind,
    ExportConfig,
    Precision,
    RuntimeConfig,
)
from training.export import export_model
from training.model.backbone import Backbone, load_backbone
from training.model.classifier import build_classifier
from training.model.store import save_model

SCRIPTS = CONFIGS.parent / "scripts"
ARABIC = "".join(map(chr, range(0x0621, 0x064B)))
CYRILLIC = "".join(map(chr, range(0x0410, 0x0450)))
TARGETS = {
    "russia": "The Russian state",
    "oic": "The Organisation of Islamic Cooperation as a body",
    "gaza_ceasefire": "A ceasefire in Gaza",
}


@dataclass
class Stage:
    """What a script hands to `run_stage`."""

    run: Callable[[Any], None]
    schema: type
    groups: Mapping[str, type]


@dataclass
class Composer:
    """Composes the settings of a stage as its script does, from ``configs/`` and overrides."""

    stages: dict[str, Stage] = field(default_factory=dict)

    def stage(self, name: str) -> Stage:
        if name not in self.stages:
            script = SCRIPTS / f"{name}.py"

            def declare(run, schema, path, about, groups=None):
                assert Path(path) == script
                assert about
                self.stages[name] = Stage(run, schema, groups or {})

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("labels.command.run_stage", declare)
                runpy.run_path(str(script), run_name="__main__")
        return self.stages[name]

    def __call__(self, name: str, *overrides: str) -> DictConfig:
        stage = self.stage(name)
        register(stage.schema, name, stage.groups)
        with initialize_config_dir(str(CONFIGS), version_base="1.3"):
            raw = compose(name, [quote_path(one) for one in overrides], return_hydra_config=True)
        HydraConfig.instance().set_config(raw)
        raw = OmegaConf.create(raw)
        with read_write(raw), open_dict(raw):
            del raw["hydra"]
        return raw


@pytest.fixture(scope="session")
def composer():
    return Composer()


def tiny_tokenizer() -> Tokenizer:
    """Build a tokenizer of single characters, with the frame of the embedded backbone."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    characters = "▁" + string.ascii_letters + string.digits + string.punctuation + ARABIC + CYRILLIC
    pieces = [(name, 0.0) for name in special] + [(one, -1.0) for one in characters]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(special)
    return tokenizer


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """Save a random BERT of 2 layers and its tokenizer as the hub would."""
    folder = tmp_path_factory.mktemp("tiny_backbone")
    tokenizer = tiny_tokenizer()
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
        type_vocab_size=1,
        pad_token_id=1,
        initializer_range=0.5,  # large, so that different inputs give plainly different logits
    )
    BertModel(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_settings(tiny_folder):
    """Name the tiny backbone as a local folder of kind hub."""
    return BackboneConfig(
        kind=BackboneKind.hub,
        name=str(tiny_folder),
        max_tokens=64,
        prefix="q: ",
        package=None,
        version=None,
        file=None,
        sha256=None,
        scripts=[],
        revision=None,
    )


@pytest.fixture
def tiny_backbone(tiny_settings) -> Backbone:
    return load_backbone(tiny_settings)


def classifier_settings(kind: ClassifierKind) -> ClassifierConfig:
    return ClassifierConfig(
        kind=kind, sentiment_question="The tone", attention_heads=2, head_width=16, dropout=0.1
    )


@pytest.fixture(params=list(ClassifierKind), ids=lambda kind: kind.value)
def each_classifier(request):
    """Give the settings of each kind of classifier in turn."""
    return classifier_settings(request.param)


@pytest.fixture(scope="session")
def encode_once():
    return classifier_settings(ClassifierKind.encode_once)


@pytest.fixture(scope="session")
def save_tiny_model(tiny_settings):
    """Write a model folder with random weights and return the classifier."""

    def save(folder: Path, classifier: ClassifierConfig) -> nn.Module:
        torch.manual_seed(1)
        backbone = load_backbone(tiny_settings)
        model = build_classifier(classifier, backbone, list(TARGETS.values()), tiny_settings.prefix)
        definitions = {
            key: {"key": key, "name": key, "description": text} for key, text in TARGETS.items()
        }
        training = {"seed": 1, "epochs": 1, "best_epoch": 1, "train_sentences": 0}
        folder.mkdir(parents=True)
        save_model(
            folder, model.state_dict(), backbone, tiny_settings, classifier, definitions, training
        )
        return model.eval()

    return save


@pytest.fixture(scope="session")
def split_row():
    """Make a row of the table ``splits``."""

    def make(
        key: str,
        text: str,
        split: str = "train",
        stances: Mapping[str, str] | None = None,
        sentiment: str | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        gold = {"origin": "gold", "weight": 1.0}
        return {
            "sentence_id": key,
            "article_id": f"article {key}",
            "group_id": f"group {key}",
            "text": text,
            "lang": "en",
            "source": None,
            "published": None,
            "split": split,
            "stances": [
                {"target": target, "label": label}
                | {f"p_{name}": float(name == label) for name in STANCES}
                | gold
                for target, label in (stances or {}).items()
            ],
            "sentiment": sentiment
            and {"label": sentiment}
            | {f"p_{name}": float(name == sentiment) for name in SENTIMENTS}
            | gold,
        } | changes

    return make


@pytest.fixture(scope="session")
def export_tiny(tmp_path_factory, save_tiny_model, split_row):
    """Export a random tiny model, once a kind; return the folders of the model and the export."""

    @cache
    def export(kind: ClassifierKind) -> tuple[Path, Path]:
        classifier = classifier_settings(kind)
        root = tmp_path_factory.mktemp("tiny_export")
        save_tiny_model(root / "model", classifier)
        texts = ["Rain.", "Moscow was praised for the treaty.", "قبل الطرفان الهدنة", "Дождь идёт."]
        rows = [split_row(str(i), text, "dev") for i, text in enumerate(texts)]
        write_table(root / "splits.parquet", "splits", rows)
        (root / "metrics.json").write_text('{"model": {}, "dev": null}', encoding="utf-8")
        export_model(
            ExportConfig(
                model=str(root / "model"),
                splits=str(root / "splits.parquet"),
                metrics=str(root / "metrics.json"),
                output=str(root / "export"),
                opset=18,
                parity_sentences=8,
                parity_tolerance=1e-4,
                runtime=RuntimeConfig(precision=Precision.fp32, threads=1),
            )
        )
        return root / "model", root / "export"

    return export


@pytest.fixture(scope="session")
def tiny_export(export_tiny):
    """Export a tiny encode-once classifier; return the folders of the model and of the export."""
    return export_tiny(ClassifierKind.encode_once)
