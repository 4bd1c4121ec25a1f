"""The embedded backbone: its weights are the data file of a Python package, converted once."""

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import BertConfig, BertModel, PreTrainedModel

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of, write_json
from training.model.e5_q4 import QuantizedBackbone, read_e5_q4
from training.model.settings import EmbeddedSettings
from training.model.trim import in_scripts

CONVERSION = 1  # raised when the converted files change
CHECKSUM_FILE = "sha256.json"
# The file's own code-point map is NFKC but for these: controls vanish, the others become spaces.
DROPPED = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x{8f}\x{9f}]"
SPACED = r"[\t\n\x0c\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]"


def load_embedded(settings: EmbeddedSettings) -> tuple[PreTrainedModel, Tokenizer]:
    """Load the converted encoder and its tokenizer.

    Raises:
        ConfigError: The package is not installed, or not the pinned one.
        DataError: The converted copy does not match its checksums.
    """
    folder = embedded_folder(settings)
    model: PreTrainedModel = BertModel.from_pretrained(
        folder, add_pooling_layer=False, use_safetensors=True
    )
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def embedded_folder(settings: EmbeddedSettings) -> Path:
    """Convert the embedded weights once and return the cached folder.

    The folder is named after the hash of the source file, the kept scripts and the version of the
    conversion. It is written beside and renamed, so a killed conversion leaves nothing half.
    """
    source = _installed_file(settings)
    found = sha256_of(source)
    if found != settings.sha256:
        raise ConfigError(f"backbone.sha256: {source}: expected {settings.sha256}, found {found}")
    recipe = json.dumps([found, sorted(settings.scripts), CONVERSION])
    name = f"{settings.name}-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sikap"
    folder = root / name
    if not folder.exists():
        root.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=root, prefix=f".{name}."))
        try:
            _convert(read_e5_q4(source), settings.scripts, temporary)
            try:
                temporary.replace(folder)
            except OSError:
                if not folder.exists():  # else another process was faster, with the same bytes
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    _verify(folder)
    return folder


def _installed_file(settings: EmbeddedSettings) -> Path:
    package, file = settings.package, settings.file
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(
            f"backbone.package: {package} is not installed; pip install 'sikap[train]'"
        )
    version = metadata.version(package)
    if version != settings.version:
        raise ConfigError(
            f"backbone.version: expected {package} {settings.version}, found {version}"
        )
    return Path(spec.submodule_search_locations[0]) / file


def _verify(folder: Path) -> None:
    sums = json.loads((folder / CHECKSUM_FILE).read_text(encoding="utf-8"))
    for name, expected in sums.items():
        found = sha256_of(folder / name)
        if found != expected:
            raise DataError(f"{folder / name}: expected SHA-256 {expected}, found {found}; delete")


def _convert(source: QuantizedBackbone, scripts: Sequence[str], folder: Path) -> None:
    kept = [i for i, piece in enumerate(source.pieces) if i < 4 or in_scripts(piece, scripts)]
    hidden = source.hidden
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=hidden,
        num_hidden_layers=source.layers,
        num_attention_heads=source.heads,
        intermediate_size=source.ffn,
        max_position_embeddings=source.positions,
        type_vocab_size=source.token_types,
        layer_norm_eps=source.epsilon,
        pad_token_id=source.pad,
        bos_token_id=source.bos,
        eos_token_id=source.eos,
    )
    with torch.device("meta"):
        shapes = {
            name: tensor.shape
            for name, tensor in BertModel(config, add_pooling_layer=False).state_dict().items()
        }
    tensors = {}
    for name, shape in shapes.items():
        values = torch.from_numpy(source.tensors[_file_name(name)])
        if name == "embeddings.word_embeddings.weight":
            values = values.view(-1, hidden)[kept]
        tensors[name] = values.reshape(shape).contiguous()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config.save_pretrained(folder)
    pieces = [(source.pieces[i], source.scores[i]) for i in kept]
    _tokenizer(pieces, source).save(str(folder / "tokenizer.json"))
    names = ("model.safetensors", "config.json", "tokenizer.json")
    sums = {name: sha256_of(folder / name) for name in names}
    write_json(folder / CHECKSUM_FILE, sums)


def _file_name(name: str) -> str:
    parts = name.split(".")
    kind = {"weight": "w", "bias": "b"}[parts[-1]]
    if parts[0] == "embeddings":
        short = {
            "word_embeddings": "emb.word",
            "position_embeddings": "emb.pos",
            "token_type_embeddings": "emb.type",
            "LayerNorm": f"emb.ln.{kind}",
        }
        return short[parts[1]]
    short = {
        "attention.self.query": "q",
        "attention.self.key": "k",
        "attention.self.value": "v",
        "attention.output.dense": "ao",
        "attention.output.LayerNorm": "aln",
        "intermediate.dense": "fi",
        "output.dense": "fo",
        "output.LayerNorm": "oln",
    }
    return f"l{parts[2]}.{short['.'.join(parts[3:-1])]}.{kind}"


def _tokenizer(pieces: list[tuple[str, float]], source: QuantizedBackbone) -> Tokenizer:
    tokenizer = Tokenizer(Unigram(pieces, unk_id=source.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(DROPPED), ""),
            normalizers.Replace(Regex(SPACED), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=True)
    bos, eos = pieces[source.bos][0], pieces[source.eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, source.bos), (eos, source.eos)],
    )
    tokenizer.add_special_tokens([bos, pieces[source.pad][0], eos, pieces[source.unk][0], "<mask>"])
    return tokenizer
