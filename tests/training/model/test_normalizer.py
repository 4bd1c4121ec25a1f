import random
import unicodedata

import pytest
from tokenizers import Tokenizer, models, normalizers

from labels.letters import normalize
from training.model.backbone import load_backbone
from training.model.normalizer import letters_normalizer, normalize_letters

# Letters, marks and signs of all kinds that the steps know, and some that they leave alone.
ALPHABET = (
    "aeOIC .,-!Росийёе\u0306\u0308\u0301\u0300éüн\u0327\u0338ѐѝرسي\u064e\u0651\u0670\u0640"
    "ویکہھۀۃےٱعلیإحتالء\u0653\u0654\u0655\ufe70\ufc60ﻻﷲ\u200b\u200c\u200f\u00ad\ufeffＲｕ．。"
    "𝗥𝓸Ⓞᴀᴏɪꜱ\u20e3\ufe0f😀№½…١"
)
SENTENCES = [
    "قال الأمین العام إنّ الاجتماعَ انتهى علی خیر.",
    "Ｔｈｅ 𝐦𝐞𝐞𝐭𝐢𝐧𝐠 ended in the cafe\u0301 at 10 № 5.",
    "Рабо\u0301та заверши\u0301лась в Ио\u0306шкар-Оле.",
    "Rapat ditutup — “selesai”, kata ke\u00adtua.",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_the_tokenizer_normalizes_as_the_program_does(text):
    assert letters_normalizer().normalize_str(text) == normalize(text)


def test_any_mixture_of_letters_and_marks_is_normalized_alike():
    rng, normalizer = random.Random(8), letters_normalizer()
    for _ in range(4000):
        text = "".join(rng.choices(ALPHABET, k=rng.randint(1, 12)))
        assert normalizer.normalize_str(text) == normalize(text), ascii(text)


def test_letters_come_before_what_the_tokenizer_does_itself():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Lowercase()
    normalize_letters(tokenizer)
    assert tokenizer.normalizer.normalize_str("𝐀\u00adB") == "ab"


def test_a_tokenizer_without_a_normalizer_gets_one():
    tokenizer = Tokenizer(models.Unigram())
    normalize_letters(tokenizer)
    assert tokenizer.normalizer.normalize_str("ی\u00ad") == "ي"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ａｂ 𝐚𝐛", "ab ab"),
        ("a\u00adb", "ab"),
        ("жа\u0301", "жа"),
        (unicodedata.normalize("NFD", "йё"), "йё"),
        ("رُوسِيا", "روسیا"),
    ],
)
def test_ways_to_write_a_text_have_the_same_tokens_also_from_the_file(tiny_settings, one, other):
    tokenizer = load_backbone(tiny_settings).tokenizer
    stored = Tokenizer.from_str(tokenizer.to_str())
    assert stored.encode(one).ids == tokenizer.encode(one).ids == tokenizer.encode(other).ids
