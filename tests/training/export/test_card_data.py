import pytest
from huggingface_hub import ModelCard

from tests.training.export.test_card import DESCRIPTION, DEV, METRICS
from training.export.card import model_card


def read(scores=METRICS, **backbone):
    """Read the card as a model hub does."""
    description = DESCRIPTION | {"backbone": DESCRIPTION["backbone"] | backbone}
    return ModelCard(model_card(description, scores, "mine")).data


def test_the_block_says_what_a_hub_lists_a_model_by():
    data = read()
    assert data.language == ["ru"]
    assert data.pipeline_tag == "text-classification"
    assert data.library_name == "onnx"
    assert {"stance-detection", "sentiment-analysis"} <= set(data.tags)
    assert data.metrics == ["f1"]


def test_the_block_holds_the_figures_that_could_be_computed():
    data = read()
    assert data.model_name == "sikap-mine"
    found = {result.metric_name.split()[0]: result for result in data.eval_results}
    assert {name: one.metric_value for name, one in found.items()} == {
        "f_polar_pooled": 0.5,
        "sentiment_macro_f1": 0.4,
    }
    one = found["f_polar_pooled"]
    assert (one.dataset_split, one.dataset_name) == ("dev", "2 sentences of 2 articles")


def test_without_scores_there_is_no_figure_and_no_language():
    data = read({"model": {}, "splits": {"dev": None}})
    assert data.eval_results is None
    assert (data.language, data.metrics) == (None, None)


def test_a_language_is_named_by_each_split_that_has_it():
    other = DEV | {"languages": {"ar": DEV["languages"]["ru"], "ru": DEV["languages"]["ru"]}}
    data = read({"model": {}, "splits": {"dev": other, "test": DEV}})
    assert data.language == ["ar", "ru"]
    assert {result.dataset_split for result in data.eval_results} == {"dev", "test"}


@pytest.mark.parametrize(
    ("backbone", "base", "licence"),
    [
        ({"kind": "embedded", "name": "x"}, "intfloat/multilingual-e5-small", "apache-2.0"),
        ({"name": "someone/model", "revision": "abc"}, "someone/model", None),
        ({"name": "/folder", "revision": None}, None, None),
    ],
)
def test_the_backbone_is_named_as_the_hub_knows_it_or_not_at_all(backbone, base, licence):
    data = read(**backbone)
    assert (data.base_model, data.license) == (base, licence)
