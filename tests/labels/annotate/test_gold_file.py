import pytest

from labels.annotate.gold_file import read_gold_lines
from labels.pipeline.errors import DataError
from labels.pipeline.schema import Reject


def lines(path):
    return list(read_gold_lines(path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gold.csv", 'article_id,text,oic\na,"One, two.",favor\n'),
        ("gold.csv", "\ufeffarticle_id;text;oic\na;One, two.;favor\n"),
        ("gold.CSV", 'sep=;\r\nArticle_ID;Text;OIC\r\na;"One, two.";favor\r\n'),
        ("gold.tsv", "article id\ttext\toic \na\tOne, two.\tfavor\n"),
        ("gold.csv", '\n\narticle_id, text, oic\na, "One, two.", favor\n\n'),
    ],
)
def test_tables_are_read_with_the_separator_of_their_header(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    (line,) = lines(tmp_path / name)
    assert line.values == {"article_id": "a", "text": "One, two.", "oic": "favor"}


def test_a_table_in_utf_16_is_read(tmp_path):
    path = tmp_path / "gold.tsv"
    path.write_text("article_id\ttext\nб\tдва\n", encoding="utf-16")
    assert [line.values["text"] for line in lines(path)] == ["два"]


def test_rows_know_their_lines_and_surplus_cells_are_a_reject(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text('article_id,text\na,"one\ntwo"\nb,three,four\nc,five\n', encoding="utf-8")
    first, surplus, last = lines(path)
    assert (first.where, last.where) == (f"{path}:3", f"{path}:5")
    assert isinstance(surplus, Reject)
    assert (surplus.reason, surplus.source) == ("surplus_cells", f"{path}:4")
    assert "expected 2 cells" in surplus.message


def test_an_open_quote_is_a_reject(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text('article_id,text\na,one\nb,"two\nc,three\n', encoding="utf-8")
    first, reject = lines(path)
    assert first.values["text"] == "one"
    assert reject.reason == "broken_csv"


def test_a_table_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(DataError, match="none.csv: expected a table of gold labels"):
        lines(tmp_path / "none.csv")
    (tmp_path / "old.csv").write_bytes("article_id,text\na,мир\n".encode("cp1251"))
    with pytest.raises(DataError, match="old.csv: expected UTF-8"):
        lines(tmp_path / "old.csv")


def test_an_empty_table_has_no_lines(tmp_path):
    (tmp_path / "gold.csv").write_text("")
    assert lines(tmp_path / "gold.csv") == []


def test_the_first_of_two_columns_of_one_name_that_is_filled_counts(tmp_path):
    (tmp_path / "gold.csv").write_text("OIC,oic,Oic\n,favor,against\n")
    (line,) = lines(tmp_path / "gold.csv")
    assert line.values == {"oic": "favor"}
