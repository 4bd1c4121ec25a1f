import pytest

from labels.pipeline.errors import DataError
from training.report_card.files import read_history, read_json, read_pictures


def test_a_missing_file_says_what_to_do(tmp_path):
    for read in (read_json, read_history):
        with pytest.raises(DataError, match="none.x: missing; run the stage that writes it"):
            read(tmp_path / "none.x")


def test_what_is_empty_in_the_history_is_null(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,train_loss,f_polar_pooled\n1,0.5,\n", encoding="utf-8")
    assert read_history(path) == [{"epoch": 1, "train_loss": 0.5, "f_polar_pooled": None}]
    path.write_text("epoch,train_loss\n1,much\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected numbers"):
        read_history(path)


def test_images_are_embedded_and_pages_linked(tmp_path):
    (tmp_path / "charts").mkdir()
    names = ["صورة 1.svg", "b.png", "c.html"]
    for name in names:
        (tmp_path / "charts" / name).write_bytes(b"<svg/>")
    (tmp_path / "report").mkdir()
    svg, png, page = read_pictures(
        [tmp_path / "charts" / name for name in names], tmp_path / "report"
    )
    assert svg.data == "data:image/svg+xml;base64,PHN2Zy8+"
    assert png.data.startswith("data:image/png;base64,")
    assert (page.data, page.link) == ("", "../charts/c.html")


def test_a_folder_gives_its_charts_and_its_page(tmp_path):
    for name in ("time.oic.svg", "outlets.oic.svg", "outlets.oic.png", "index.html", "meta.json"):
        (tmp_path / name).write_bytes(b"")
    names = [picture.name for picture in read_pictures([tmp_path], tmp_path)]
    assert names == ["outlets.oic.svg", "time.oic.svg", "index.html"]


def test_charts_that_are_not_there_are_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.svg: expected a chart, found no file"):
        read_pictures([tmp_path / "none.svg"], tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty: expected charts"):
        read_pictures([tmp_path / "empty"], tmp_path)


def test_a_mapping_without_a_field_is_refused(tmp_path):
    path = tmp_path / "scores.json"
    path.write_text('{"model": {}}', encoding="utf-8")
    assert read_json(path, "model") == {"model": {}}
    with pytest.raises(DataError, match="expected a mapping with model, splits, found no splits"):
        read_json(path, "model", "splits")
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match="found no model"):
        read_json(path, "model")
