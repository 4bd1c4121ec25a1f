import pytest

from labels.pipeline.schema import Reject, Unit
from training.inference import StanceModel
from training.inference.reading import Reader


@pytest.fixture(scope="module")
def read(tiny_export):
    description = StanceModel(tiny_export[1], threads=1).description

    def read(values, unit=Unit.article):
        return Reader.of(description, unit, outlet="Herald").read_object(values, "here", "first")

    return read


def test_an_object_is_read_as_a_line_of_a_file(read):
    found = read({"judul": "Rain", "isi": "<p>Rain fell &amp; fell.</p>", "lang": "en"})
    assert [sentence.text for sentence in found.sentences] == ["Rain", "Rain fell & fell."]
    assert found.prepared.article.article_id == "first"
    assert found.prepared.article.source == "Herald"


def test_a_sentence_stays_as_it_is(read):
    found = read({"id": 7, "text": " <b>Rain</b> fell. ", "lang": "en"}, Unit.sentence)
    assert [sentence.text for sentence in found.sentences] == [" <b>Rain</b> fell. "]
    assert found.prepared.record.input_id == 7


def test_what_cannot_be_read_is_a_reject_with_its_place(read):
    found = read({"text": " "})
    assert isinstance(found, Reject)
    assert (found.source, found.reason) == ("here", "no_text")
