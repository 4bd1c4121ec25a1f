"""Shared by all tests: the stages as their scripts declare them, and a tiny random backbone."""

import hashlib
import json
import secrets
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import torch
from moto.server import ThreadedMotoServer
from omegaconf import DictConfig
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from torch import nn
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from labels.pipeline.command import compose_config
from labels.pipeline.schema import SENTIMENTS, STANCES
from labels.pipeline.tables import write_table
from training.experiments.runs import compose_settings, stage_of
from training.model.backbone import Backbone, load_backbone
from training.model.classifier import CLASSIFIERS, build_classifier
from training.model.settings import (
    ClassifierSettings,
    CrossEncoderSettings,
    EncodeOnceSettings,
    HubSettings,
)
from training.model.store import save_model

ARABIC = "".join(map(chr, range(0x0621, 0x064B)))
CYRILLIC = "".join(map(chr, range(0x0410, 0x0450)))
TARGETS = {
    "russia": "The Russian state",
    "oic": "The Organisation of Islamic Cooperation as a body",
    "gaza_ceasefire": "A ceasefire in Gaza",
}


# Of the tiny export: nothing is changed but in Malay, and a favor must be sure by two thirds.
CALIBRATION = {
    "split": "dev",
    "sentences": 4,
    "delta": 0.1,
    "temperatures": {key: {"pooled": 1.0, "ms": 10.0} for key in (*TARGETS, "sentiment")},
    "thresholds": {
        "stance": {"favor": [{"confidence": 0.67, "risk": 0.1, "coverage": 0.5}]},
        "sentiment": {
            name: [{"confidence": 0.0, "risk": 0.1, "coverage": 1.0}] for name in SENTIMENTS
        },
    },
    "gaps": {},
    "rankings": {},
    "abstained": {},
}


class Composer:
    """Composes the settings of a stage as its script does, from ``configs/`` and overrides."""

    def __call__(self, name: str, *overrides: str) -> DictConfig:
        """Compose without a check, all interpolations resolved."""
        return compose_config(stage_of(name), overrides)

    def settings(self, name: str, *overrides: str) -> Any:
        """Compose and check the settings of a stage."""
        return compose_settings(name, overrides)

    def run(self, name: str, *overrides: str) -> None:
        """Run a stage as its script does."""
        stage_of(name).function()(self.settings(name, *overrides))


@pytest.fixture(scope="session")
def composer():
    return Composer()


def tiny_tokenizer() -> Tokenizer:
    """Build a tokenizer of single characters, with the frame of the embedded backbone."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    characters = "▁" + string.ascii_letters + string.digits + string.punctuation + ARABIC + CYRILLIC
    pieces = [(name, 0.0) for name in special] + [(character, -1.0) for character in characters]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(special)
    return tokenizer


def save_as_hub(folder: Path, model: nn.Module, tokenizer: Tokenizer) -> None:
    """Save a model and its tokenizer as the hub would."""
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
    ).save_pretrained(folder)


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
    save_as_hub(folder, BertModel(config), tokenizer)
    return folder


@pytest.fixture(scope="session")
def tiny_settings(tiny_folder):
    """Name the tiny backbone as a local folder of kind hub."""
    return HubSettings(name=str(tiny_folder), max_tokens=64, prefix="q: ", revision=None)


@pytest.fixture(scope="session")
def tiny_overrides(tiny_folder):
    """The same for a stage's command line, with a classifier as small and one thread."""
    return [
        "backbone=hub",
        f"backbone.name={tiny_folder}",
        "backbone.revision=null",
        "backbone.max_tokens=64",
        "classifier.attention_heads=2",
        "classifier.head_width=16",
        "classifier.mention_layer=1",
        "runtime.threads=1",
        "runtime.precision=fp32",
    ]


@pytest.fixture
def tiny_backbone(tiny_settings) -> Backbone:
    return load_backbone(tiny_settings)


def speak_up(model: nn.Module) -> None:
    """Give weights to the marks of mentions, which are silent until they have learned."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.startswith(("mark", "absent")):
                nn.init.normal_(parameter)


def classifier_settings(kind: str) -> ClassifierSettings:
    shared = {
        "sentiment_question": "The tone",
        "head_width": 16,
        "dropout": 0.1,
        "mention_layer": 1,
    }
    if kind == CrossEncoderSettings.KIND:
        return CrossEncoderSettings(**shared)
    return EncodeOnceSettings(**shared, attention_heads=2)


@pytest.fixture(params=list(CLASSIFIERS))
def each_classifier(request):
    """Give the settings of each kind of classifier in turn."""
    return classifier_settings(request.param)


@pytest.fixture(scope="session")
def encode_once():
    return classifier_settings(EncodeOnceSettings.KIND)


@pytest.fixture(scope="session")
def save_tiny_model(tiny_settings):
    """Write a model folder with random weights and return the classifier."""

    def save(folder: Path, classifier: ClassifierSettings) -> nn.Module:
        torch.manual_seed(1)
        backbone = load_backbone(tiny_settings)
        model = build_classifier(classifier, backbone, list(TARGETS.values()), tiny_settings.prefix)
        speak_up(model)
        definitions = [
            {"key": key, "name": key, "description": text} for key, text in TARGETS.items()
        ]
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
                {"target": target, "label": label, "holder": None, "voice": None}
                | {f"p_{name}": float(name == label) for name in STANCES}
                | gold
                for target, label in (stances or {}).items()
            ],
            "sentiment": sentiment
            and {"label": sentiment}
            | {f"p_{name}": float(name == sentiment) for name in SENTIMENTS}
            | gold,
            "mentions": [],
        } | changes

    return make


@pytest.fixture(scope="session")
def export_tiny(tmp_path_factory, save_tiny_model, split_row, composer):
    """Export a random tiny model, once a kind; return the folders of the model and the export."""

    @cache
    def export(kind: str) -> tuple[Path, Path]:
        root = tmp_path_factory.mktemp("tiny_export")
        save_tiny_model(root / "model", classifier_settings(kind))
        texts = ["Rain.", "Moscow was praised for the treaty.", "قبل الطرفان الهدنة", "Дождь идёт."]
        rows = [split_row(str(i), text, "dev") for i, text in enumerate(texts)]
        write_table(root / "splits.parquet", "splits", rows)
        (root / "scores.json").write_text('{"model": {}, "splits": {"dev": null}}', "utf-8")
        (root / "calibration.json").write_text(json.dumps(CALIBRATION), "utf-8")
        composer.run(
            "export_model",
            f"model={root / 'model'}",
            f"splits={root / 'splits.parquet'}",
            f"scores={root / 'scores.json'}",
            f"calibration={root / 'calibration.json'}",
            f"output={root / 'export'}",
            "parity_sentences=8",
            "frequent_words=20",
            "runtime.threads=1",
            "runtime.precision=fp32",
        )
        return root / "model", root / "export"

    return export


@pytest.fixture(scope="session")
def tiny_export(export_tiny):
    """Export a tiny encode-once classifier; return the folders of the model and of the export."""
    return export_tiny(EncodeOnceSettings.KIND)


RULES_TEXTS = [  # each is said of several names, so that there is something to learn from
    ("en", "{} condemned Russia over the pipeline."),
    ("en", "{} calls for a ceasefire in Gaza."),
    ("en", "{} rejected a ceasefire in Gaza."),
    ("en", "Rain fell on {}."),
    ("id", "{} mengecam Rusia."),
    ("id", "{} menolak gencatan senjata di Gaza."),
    ("ru", "{} осудил Россию."),
    ("ru", "{} призвал к перемирию в секторе Газа."),
    ("ar", "{} أدان روسيا."),
    ("ar", "دعا {} إلى وقف إطلاق النار في غزة."),
]
NAMES = ("Norland", "Ostland", "Westland", "Sudland")


@pytest.fixture(scope="session")
def rules_tables(tmp_path_factory, composer):
    """Let the labelling functions vote on a few sentences; return the folder of the tables."""
    work = tmp_path_factory.mktemp("rules_tables")
    rows = [
        {"sentence_id": f"{lang}{number}{name}#0", "article_id": f"{lang}{number}{name}"}
        | {"index": 0, "kind": "body", "field": "text", "start": 0, "lang": lang}
        | {"text": text.format(name), "end": len(text.format(name))}
        for number, (lang, text) in enumerate(RULES_TEXTS)
        for name in NAMES
    ]
    write_table(work / "sentences" / "sentences.parquet", "sentences", rows)
    composer.run("vote_sentences", f"paths.work={work}", "articles=null")
    return work


@pytest.fixture(scope="session")
def export_rules(rules_tables, tmp_path_factory, composer):
    """Export rules that were fitted to these votes, changed by overrides; return the folder."""

    def export(*overrides: str) -> Path:
        output = tmp_path_factory.mktemp("rules") / "rules"
        composer.run("export_rules", f"paths.work={rules_tables}", f"output={output}", *overrides)
        return output

    return export


@pytest.fixture(scope="session")
def rules_export(export_rules):
    return export_rules()


@pytest.fixture(scope="session")
def object_store():
    """Start an object store that speaks the protocol of S3; name it in the environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(object_store, request):
    """Make a bucket; return its address."""
    name = f"news-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]}"
    urlopen(Request(f"{object_store}/{name}", method="PUT")).close()
    return f"s3://{name}"


@pytest.fixture(scope="session")
def cluster(object_store):
    """Start a Ray cluster of two node processes with a core each; give its address.

    It asks for a token, which is in the environment.
    """
    why = "Ray is not installed: pip install --constraint constraints.txt --editable '.[cluster]'"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))  # of the node processes
        # Not before: Ray reads its environment when it is imported.
        utils = pytest.importorskip("ray.cluster_utils", reason=why)
        small = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
        made = utils.Cluster(initialize_head=True, head_node_args=small)
        made.add_node(num_cpus=1, object_store_memory=80_000_000)
        yield made.address
        made.shutdown()
