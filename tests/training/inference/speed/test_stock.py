import pytest
import torch

from tests.conftest import TARGETS
from training.inference.speed.stock import Stock

SENTENCES = ["Rain.", "Moscow rejected the truce.", "Россия против " + "мира " * 40, "", "Rain."]


@pytest.fixture
def stock(tiny_settings):
    threads = torch.get_num_threads()
    definitions = [{"key": key, "description": text} for key, text in TARGETS.items()]
    yield Stock(tiny_settings.to_json(), definitions, threads=1, batch_size=1, seed=3)
    torch.set_num_threads(threads)


@pytest.fixture
def read(stock):
    """Keep the rows of tokens that the two models read."""
    rows = {"stance": [], "sentiment": []}
    for name, kept in rows.items():
        model = getattr(stock, f"_{name}").model
        model.register_forward_pre_hook(
            lambda _, __, given, kept=kept: kept.append(given["input_ids"]), with_kwargs=True
        )
    return rows


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_sentence_counts_when_every_target_and_its_sentiment_were_asked(stock, read, size):
    stock.use(size)
    assert stock.label(SENTENCES) == 5
    n_read = {name: sum(map(len, rows)) for name, rows in read.items()}
    assert n_read == {"stance": 15, "sentiment": 5}
    assert max(map(len, read["stance"])) == size


def test_the_target_stands_before_the_sentence_and_long_ones_are_cut(stock, read, tiny_backbone):
    stock.label([SENTENCES[1], SENTENCES[2]])
    first, *_, last = read["stance"]
    question, text = "q: The Russian state", "q: Moscow rejected the truce."
    assert first[0].tolist() == tiny_backbone.tokenizer.encode(question, text).ids
    assert last.shape == (1, 64)  # max_tokens of the tiny backbone
    assert read["sentiment"][0][0].tolist() == tiny_backbone.tokenizer.encode(text).ids


def test_the_encoder_is_the_backbone_and_only_the_head_is_random(stock, tiny_backbone):
    expected = tiny_backbone.model.state_dict()
    for name in ("_stance", "_sentiment"):
        found = getattr(stock, name).model.base_model.state_dict()
        assert all(torch.equal(found[key], value) for key, value in expected.items())
