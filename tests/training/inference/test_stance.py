import numpy as np
import pytest

from labels.pipeline.errors import ConfigError, DataError
from training.inference import StanceModel as Exported
from training.inference import stance
from training.inference.stance import StanceModel

SENTENCES = ["Moscow hailed the truce.", "Rain.", "رحبت المنظمة بالهدنة", "Россия против."]


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


def test_sentences_are_answered_as_by_the_exported_model(model, tiny_export):
    exported = Exported(tiny_export[1], threads=1)
    assert model(SENTENCES) == exported(SENTENCES)
    langs = ["en", None, "ar", "ru"]
    assert model(SENTENCES, langs, 0.1) == exported(SENTENCES, langs=langs, abstain_risk=0.1)
    assert model.targets == exported.targets


def test_many_sentences_are_labelled_by_the_chunk(model, monkeypatch):
    seen = []
    inner = model._model
    monkeypatch.setattr(stance, "CHUNK_SENTENCES", 3)
    monkeypatch.setattr(
        model, "_model", lambda texts, **told: seen.append(len(texts)) or inner(texts, **told)
    )
    assert len(model(iter(SENTENCES), iter([None] * 4))) == 4
    assert seen == [3, 1]


def test_any_row_of_texts_will_do(model):
    assert model(np.array(SENTENCES)) == model(tuple(SENTENCES)) == model(SENTENCES)
    assert model([]) == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"langs": ["en"]}, "langs: expected 2, one a sentence, got 1"),
        ({"langs": ["en", "xx"]}, r"langs\[1\]: expected None or one of ar, en, id, ru, got 'xx'"),
        ({"abstain_risk": 1.0}, r"abstain_risk: expected \(0, 1\), got 1.0"),
        ({"abstain_risk": float("nan")}, "abstain_risk: expected"),
    ],
)
def test_what_is_asked_wrongly_is_told(model, asked, message):
    with pytest.raises(ConfigError, match=message):
        model(["One.", "Two."], **asked)


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        ("One sentence.", "sentences: expected a list of them, got one text"),
        (["One.", None], r"sentences\[1\]: expected text, got NoneType"),
        (["Half \ud83d"], r"sentences\[0\], character 5: expected whole characters"),
    ],
)
def test_what_is_no_sentence_is_told(model, sentences, message):
    with pytest.raises(DataError, match=message):
        model(sentences)


class Input:
    """Standard input that holds some bytes."""

    def __init__(self, content):
        self.buffer = content.splitlines(keepends=True)

    def isatty(self):
        return False


def test_lines_are_read_as_utf_8_and_a_wrong_byte_is_told(model, monkeypatch, capsys):
    monkeypatch.setattr(stance, "StanceModel", lambda *_: model)
    monkeypatch.setattr("sys.argv", ["stance.py"])
    monkeypatch.setattr("sys.stdin", Input(b"\xef\xbb\xbfRain.\nWind\xff\n"))
    assert stance.main() == 1
    assert "line 2: expected UTF-8, found 0xff at byte 4" in capsys.readouterr().err


def test_a_folder_that_is_no_export_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["stance.py", "--model", str(tmp_path), "Rain."])
    assert stance.main() == 2
    assert "error: model: " in capsys.readouterr().err
