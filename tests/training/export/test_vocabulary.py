import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from labels.pipeline.errors import ConfigError
from training.export.vocabulary import frequent_vocabulary

WORDS = {"▁the": -2.0, "▁The": -3.0, "the": -4.0, "▁والسلام": -5.0, "zyzzyva": -6.0, "▁in": -3.5}
SIMPLE = "▁", "1984", "...", "t", "h", "e", "z", "y", "v", "a", "ا", "ل", "س", "م", "و"


@pytest.fixture
def tokenizer():
    """Tell words from their letters; texts are cut after a few tokens, as a model's are."""
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *WORDS.items()]
    pieces += [(piece, -9.0) for piece in SIMPLE]
    made = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    made.enable_truncation(8)
    return made


def test_pieces_of_frequent_words_in_all_their_forms_stay(tokenizer):
    trimmed, new_ids = frequent_vocabulary(tokenizer, ["en", "ar"], 300)
    kept = {tokenizer.id_to_token(old): new for old, new in new_ids.items()}
    assert kept == trimmed.get_vocab()
    assert list(new_ids) == sorted(new_ids)
    assert kept.keys() >= {"▁the", "▁The", "the", "▁والسلام", "▁in", "<pad>", *SIMPLE}
    assert "zyzzyva" not in kept


def test_a_rare_word_is_read_by_its_letters_and_a_frequent_one_as_before(tokenizer):
    trimmed, _ = frequent_vocabulary(tokenizer, ["en"], 300)
    assert tokenizer.encode("zyzzyva").tokens == ["▁", "zyzzyva"]
    assert trimmed.encode("zyzzyva").tokens == ["▁", *"zyzzyva"]
    assert trimmed.encode("in the").tokens == tokenizer.encode("in the").tokens == ["▁in", "▁the"]


def test_other_kinds_of_tokenizers_and_unknown_languages_are_refused(tokenizer):
    with pytest.raises(ConfigError, match="expected a unigram tokenizer, found WordLevel"):
        frequent_vocabulary(Tokenizer(models.WordLevel({"a": 0}, unk_token="a")), ["en"], 9)
    with pytest.raises(ConfigError, match="expected a list of words of xx, found none"):
        frequent_vocabulary(tokenizer, ["xx"], 9)
