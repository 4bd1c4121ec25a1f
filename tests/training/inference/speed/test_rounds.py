import pytest

from training.export.artifact import Variant
from training.inference.speed.rounds import FORMATS, _sentences_for


def test_every_variant_has_a_number_format():
    assert set(FORMATS) == set(Variant)


@pytest.mark.parametrize(("batch", "least"), [(1, 1), (2, 2), (3, 2), (8, 6), (32, 22)])
def test_the_stock_pipeline_has_two_batches_of_questions_at_least(batch, least):
    description = {"targets": [{}, {}, {}]}
    assert _sentences_for(batch, description) == least
    assert 3 * least >= 2 * batch
