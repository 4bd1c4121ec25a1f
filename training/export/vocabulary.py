"""Which pieces of a vocabulary the languages' frequent words need: the others may go."""

import json
import unicodedata
from collections.abc import Iterator, Sequence

import wordfreq
from tokenizers import Tokenizer

from labels.languages.morphology import proclitics
from labels.pipeline.errors import ConfigError
from training.model.trim import keep_pieces, pieces_of

_TOGETHER = 1000  # words that are tokenised as one text
_TEXTS = 100  # at once
_MARK = '"'  # behind which a word starts without a space


def frequent_vocabulary(
    tokenizer: Tokenizer, langs: Sequence[str], words: int
) -> tuple[Tokenizer, dict[int, int]]:
    """Keep the pieces that the most frequent words of some languages are made of.

    Words are taken as they are, capitalised and in capitals, after a space and after a mark, and
    with what the language writes together with them. Pieces without letters and single letters stay
    too, so that every text that could be read can be read, in more pieces where its words are rare.

    Args:
        tokenizer: A unigram one.
        langs: Codes of ISO 639-1.
        words: Taken of each language at most; the lists are those of ``wordfreq``.

    Returns:
        The new tokenizer, and the new id of each piece that stayed by its old one, ascending.

    Raises:
        ConfigError: The tokenizer is of another kind, or no list of words of a language is known.
    """
    data = json.loads(tokenizer.to_str())
    if data["model"]["type"] != "Unigram":
        raise ConfigError(f"expected a unigram tokenizer, found {data['model']['type']}")
    reader = Tokenizer.from_str(tokenizer.to_str())
    reader.no_truncation()
    kept = {i for i, piece in pieces_of(data).items() if _is_simple(piece)}
    for lang in langs:
        texts = list(_texts(lang, words))
        for start in range(0, len(texts), _TEXTS):
            batch = texts[start : start + _TEXTS]
            for encoding in reader.encode_batch_fast(batch, add_special_tokens=False):
                kept.update(encoding.ids)
    return keep_pieces(tokenizer, kept)


def _is_simple(piece: str) -> bool:
    """Tell whether a piece has no letter, or is one."""
    letters = [char for char in piece if unicodedata.category(char)[0] in "LM"]
    letters = [char for char in letters if unicodedata.category(char) != "Lm"]
    return len(letters) <= 1


def _texts(lang: str, words: int) -> Iterator[str]:
    """Give the frequent words of a language, many in each text, in all forms."""
    try:
        frequent = wordfreq.top_n_list(lang, words)
    except LookupError as error:
        raise ConfigError(f"expected a list of words of {lang}, found none ({error})") from error
    for proclitic in ("", *proclitics(lang)):
        joined = [proclitic + word for word in frequent]
        forms = [*joined, *map(str.capitalize, joined), *map(str.upper, joined)]
        formed = list(dict.fromkeys(forms))
        for start in range(0, len(formed), _TOGETHER):
            words_of_text = formed[start : start + _TOGETHER]
            yield " ".join(words_of_text)
            yield " ".join(f"{_MARK}{word}" for word in words_of_text)
