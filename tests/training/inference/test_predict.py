import numpy as np
import pytest

from training.inference import Article, StanceModel

TEXT = "The council met on Monday. Moscow hailed the truce.\nRead also: Rain fell."


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


def test_text_is_a_sentence_and_an_article_is_split(model):
    found = model.predict([TEXT, Article(text=TEXT, title="Council", lang="en", id=7)])
    assert [record["id"] for record in found] == ["0", 7, 7, 7]
    assert found[0]["text"] == TEXT
    assert [record["kind"] for record in found] == ["body", "title", "body", "body"]
    assert [record["text"] for record in found][2:] == TEXT.split("\n")[0].replace(
        ". ", ".|"
    ).split("|")


def test_the_records_are_those_of_the_program(model, tmp_path, composer, tiny_export):
    (tmp_path / "in.txt").write_text(TEXT, encoding="utf-8")
    composer.run(
        "predict_stance",
        f"input={tmp_path / 'in.txt'}",
        f"output={tmp_path / 'out.parquet'}",
        f"model={tiny_export[1]}",
    )
    pd = pytest.importorskip("pandas")
    own = model.predict([Article(text=TEXT, id="in.txt")]).to_pandas()
    written = pd.read_parquet(tmp_path / "out.parquet")
    assert list(own) == list(written)
    kept = [name for name in own if name.endswith(("label", "favor", "voice", "text", "start"))]
    pd.testing.assert_frame_equal(own[kept], written[kept].fillna(np.nan), check_dtype=False)


def test_what_cannot_be_read_is_a_reject_with_its_place(model):
    found = model.predict(["Rain fell.", Article(text=" "), "Дождь шёл до вечера."])
    assert [record["id"] for record in found] == ["0", "2"]
    (reject,) = found.rejects
    assert reject.source == "input[1]"
    assert reject.reason == "no_text"


def test_what_is_no_text_is_an_error(model):
    with pytest.raises(TypeError, match=r"input\[1\]: expected text or an Article, got int"):
        model.predict(["Rain fell.", 7])


def test_nothing_gives_an_empty_table(model):
    found = model.predict([])
    assert len(found) == 0
    assert found.to_pandas().empty


def test_progress_is_shown_when_asked_for(model, capsys):
    model.predict(["Rain fell."], show_progress=False)
    assert capsys.readouterr().err == ""
