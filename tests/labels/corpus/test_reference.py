from labels.corpus.read import read_corpus
from labels.corpus.reference import copied
from tests.labels.corpus.conftest import FIRST, GOLD


def test_a_copy_of_a_real_sentence_is_told_and_a_short_one_is_nobodys(limits, folder):
    corpus = read_corpus(folder, limits.targets)
    second = GOLD[1]["text"]  # 11 words
    found = [str(problem) for problem in copied(corpus, [second.upper(), FIRST], limits)]
    assert len(found) == 1
    assert "gold.jsonl:2: near copy of a real sentence" in found[0]
