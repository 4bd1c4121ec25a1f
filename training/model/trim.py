"""Leave out the tokens of scripts that nobody reads: their vectors are most of a small backbone."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from tokenizers import Tokenizer, pre_tokenizers
from torch import nn
from transformers import PreTrainedModel

from labels.pipeline.errors import ConfigError

_SPECIAL_IDS = tuple(f"{name}_token_id" for name in "bos eos pad cls sep mask unk".split())


def in_scripts(piece: str, scripts: Sequence[str]) -> bool:
    """Tell whether every letter and mark of a piece belongs to one of the scripts.

    Text in these scripts keeps its exact tokens, since a dropped piece can match no part of it.
    """
    return all(
        unicodedata.name(char, "?").split(" ")[0].split("-")[0].lower() in scripts
        for char in piece
        if unicodedata.category(char)[0] in "LM" and unicodedata.category(char) != "Lm"
        if not unicodedata.name(char, "?").startswith(("COMBINING", "VARIATION"))
    )


def trim_vocabulary(
    model: PreTrainedModel, tokenizer: Tokenizer, scripts: Sequence[str]
) -> Tokenizer:
    """Drop the pieces of a vocabulary that are written in other scripts, and their vectors.

    Special tokens, digits, punctuation and single bytes stay. Ids close up, in their order.

    Args:
        model: Its word embeddings and the ids in its config are changed.
        tokenizer: A unigram or BPE one.
        scripts: First words of the Unicode names of their letters, in small letters: latin.

    Returns:
        The tokenizer that goes with the model now.

    Raises:
        ConfigError: The tokenizer is of another kind.
    """
    data = json.loads(tokenizer.to_str())
    if data["model"]["type"] not in ("Unigram", "BPE"):
        raise ConfigError(
            f"backbone.scripts: expected a unigram or BPE tokenizer, found {data['model']['type']};"
            " keep all scripts: scripts=[]"
        )
    read = _bytes_reader() if _is_byte_level(data) else {}
    kept = [i for i, piece in pieces_of(data).items() if _stays(piece, scripts, read)]
    trimmed, new_ids = keep_pieces(tokenizer, kept)
    _shrink(model, new_ids)
    return trimmed


def pieces_of(data: Mapping[str, Any]) -> dict[int, str]:
    """Give the pieces of a unigram or BPE tokenizer, of its JSON, by their ids."""
    vocabulary = data["model"]["vocab"]
    if data["model"]["type"] == "Unigram":
        return {i: piece for i, (piece, _) in enumerate(vocabulary)}
    return {i: piece for piece, i in vocabulary.items()}


def keep_pieces(tokenizer: Tokenizer, kept: Iterable[int]) -> tuple[Tokenizer, dict[int, int]]:
    """Drop all pieces of a vocabulary but some; ids close up, in their order.

    Args:
        tokenizer: A unigram or BPE one.
        kept: Ids of pieces; special tokens stay in any case.

    Returns:
        The new tokenizer, and the new id of each piece that stayed by its old one, ascending.
    """
    data = json.loads(tokenizer.to_str())
    vocabulary = data["model"]["vocab"]
    special = {token["id"] for token in data["added_tokens"]}
    chosen = sorted(special.union(kept))
    new_ids = {old: new for new, old in enumerate(chosen)}
    if data["model"]["type"] == "Unigram":
        data["model"]["vocab"] = [vocabulary[i] for i in chosen if i < len(vocabulary)]
        data["model"]["unk_id"] = new_ids[data["model"]["unk_id"]]
    else:
        names = pieces_of(data)
        data["model"]["vocab"] = {names[i]: new_ids[i] for i in chosen if i in names}
        data["model"]["merges"] = [
            pair for pair in data["model"]["merges"] if _merged(pair) in data["model"]["vocab"]
        ]
    for token in data["added_tokens"]:
        token["id"] = new_ids[token["id"]]
    _renumber(data["post_processor"], new_ids)
    return Tokenizer.from_str(json.dumps(data)), new_ids


def _stays(piece: str, scripts: Sequence[str], read: Mapping[str, int]) -> bool:
    if not read:
        return in_scripts(piece, scripts)
    try:
        text = bytes(read[char] for char in piece).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return True  # a part of a letter, of which one cannot say what it belongs to
    return in_scripts(text, scripts)


def _merged(pair: str | Sequence[str]) -> str:
    """Join the parts of a merge, which older files write as one text."""
    return pair.replace(" ", "") if isinstance(pair, str) else "".join(pair)


def _is_byte_level(data: Mapping[str, Any]) -> bool:
    return '"ByteLevel"' in json.dumps([data["pre_tokenizer"], data["decoder"]])


def _bytes_reader() -> dict[str, int]:
    """Map the letters that stand for bytes in a byte-level vocabulary to their bytes."""
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    found = {}
    for byte in range(128):  # a byte of ASCII is a text
        ((letter, _),) = level.pre_tokenize_str(chr(byte))
        found[letter] = byte
    # The others are no text alone, so their letters are read in texts of two bytes.
    for code in range(128, 0x800):
        ((letters, _),) = level.pre_tokenize_str(chr(code))
        found |= dict(zip(letters, chr(code).encode("utf-8"), strict=True))
    for code in range(0x800, 0x10000, 0x100):
        if not 0xD800 <= code < 0xE000:
            ((letters, _),) = level.pre_tokenize_str(chr(code))
            found |= dict(zip(letters, chr(code).encode("utf-8"), strict=True))
    return found


def _renumber(value: Any, new_ids: Mapping[int, int]) -> None:  # noqa: ANN401 - of a JSON file
    """Put new ids into a post-processor, which frames a text with special tokens."""
    if isinstance(value, list):
        for entry in value:
            _renumber(entry, new_ids)
    if not isinstance(value, dict):
        return
    for key, entry in value.items():
        if key == "ids":
            value[key] = [new_ids[i] for i in entry]
        elif key in ("sep", "cls") and isinstance(entry, list):
            value[key] = [entry[0], new_ids[entry[1]]]
        else:
            _renumber(entry, new_ids)


def _shrink(model: PreTrainedModel, new_ids: Mapping[int, int]) -> None:
    old = model.get_input_embeddings()
    assert isinstance(old, nn.Embedding)  # as of every encoder of words
    chosen = torch.tensor(list(new_ids))
    if int(chosen.max()) >= old.num_embeddings:
        raise ConfigError(
            f"backbone.name: expected a vector for token {int(chosen.max())} of the tokenizer, "
            f"found {old.num_embeddings} vectors"
        )
    padding = None if old.padding_idx is None else new_ids[old.padding_idx]
    new = nn.Embedding(len(chosen), old.embedding_dim, padding_idx=padding)
    with torch.no_grad():
        new.weight.copy_(old.weight[chosen])
    model.set_input_embeddings(new)
    model.config.vocab_size = len(chosen)
    for name in _SPECIAL_IDS:
        token = getattr(model.config, name, None)
        if isinstance(token, int):
            setattr(model.config, name, new_ids.get(token))
