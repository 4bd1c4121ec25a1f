"""Dialects of CSV files, and rows that cannot be understood."""

import pytest

from labels.ingest.read.csv_rows import looks_like_csv, read_rows
from labels.pipeline.schema import Reject


def table(text):
    """Give each row's last two cells, or the reason of its reject."""
    return [
        row.reason if isinstance(row, Reject) else tuple(row.values.values())[-2:]
        for row in read_rows(text, "f.csv")
    ]


PLAIN = "id,title,text\n1,Kapal,Kapal berlabuh.\n2,Awak,Awak turun.\n"
ROWS = [("Kapal", "Kapal berlabuh."), ("Awak", "Awak turun.")]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ", "),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        "\n  \n" + PLAIN,
        "sep=,\n" + PLAIN,
        "SEP=;\r\n" + PLAIN.replace(",", ";"),
        "\ufeffsep=\t\n" + PLAIN.replace(",", "\t"),
        '"sep=|"\n' + PLAIN.replace(",", "|"),
        "Daftar artikel 2025\n\n" + PLAIN,
        "Экспорт базы;;\nДата: 1 мая;;\n" + PLAIN.replace(",", ";"),
        "# dibuat 1 Mei, oleh redaksi\n" + PLAIN,
        PLAIN + ",,\n\n",
        PLAIN + "id,title,text\n",
        '"id","title","text"\n"1","Kapal","Kapal berlabuh."\n"2","Awak","Awak turun."\n',
        "'id','title','text'\n'1','Kapal','Kapal berlabuh.'\n'2','Awak','Awak turun.'\n",
        'id,title,text\n1, "Kapal", "Kapal berlabuh."\n2, "Awak", "Awak turun."\n',
    ],
)
def test_a_dialect_does_not_change_what_is_read(text):
    assert table(text) == ROWS


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('1,Kapal,"Kata nakhoda, ""Kami tiba""."', 'Kata nakhoda, "Kami tiba".'),
        ('1,Kapal,"Kata nakhoda, \\"Kami tiba\\"."', 'Kata nakhoda, "Kami tiba".'),
        ('1,Kapal,"Kata nakhoda, "Kami tiba" kemarin."', 'Kata nakhoda, "Kami tiba" kemarin.'),
        ('1,Kapal,"Kami tiba" kata nakhoda.', '"Kami tiba" kata nakhoda.'),
        ('1,Kapal,Nakhoda "Ali" tiba.', 'Nakhoda "Ali" tiba.'),
        (
            '1,Kapal,"Alinea satu, panjang.\n\nAlinea dua, tiga, empat."',
            "Alinea satu, panjang.\n\nAlinea dua, tiga, empat.",
        ),
        ("1,Kapal,Kapal tiba.,,", "Kapal tiba."),
        ('1,Kapal,"1, satu, dua\n2, tiga, empat"', "1, satu, dua\n2, tiga, empat"),
        ('1,Kapal,"C:\\dok\\"', "C:\\dok\\"),
    ],
)
def test_odd_quotation_marks_lose_nothing(line, text):
    assert table(f"id,title,text\n{line}\n2,Awak,Turun.\n") == [("Kapal", text), ("Awak", "Turun.")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # commas that nobody quoted
        (["1,Kapal,Tiba, kata nakhoda.", "2,Awak,Turun."], ["surplus_cells", ("Awak", "Turun.")]),
        (["1,Kapal, awak, muatan,Tiba.", "2,Awak,Turun."], ["surplus_cells", ("Awak", "Turun.")]),
        # a mark that stays open: up to the end, up to the next one, up to one in a later row
        (["1,Kapal,Tiba.", '2,Awak,"Turun.', "3,Muatan,Dibongkar."],
         [("Kapal", "Tiba."), "open_quote", ("Muatan", "Dibongkar.")]),
        (['1,Kapal,"Tiba.', '2,Awak,"Turun, lalu pergi."', "3,Muatan,Bongkar."],
         ["open_quote", ("Awak", "Turun, lalu pergi."), ("Muatan", "Bongkar.")]),
        (['1,"Kapal,Tiba.', "2,Awak,Turun.", '3,Muatan,"Bongkar."'],
         ["open_quote", ("Awak", "Turun."), ("Muatan", "Bongkar.")]),
        (['1,Kapal,"Tiba di', 'dermaga kedua.', "2,Awak,Turun."],
         ["open_quote", ("Awak", "Turun.")]),
        (['1,Kapal,"Tiba.', "2,Awak,Turun.", '3,Muatan,Bongkar."', "4,Akhir,Selesai."],
         ["open_quote", ("Awak", "Turun."), ("Muatan", 'Bongkar."'), ("Akhir", "Selesai.")]),
        # a line end inside a cell without marks
        (["1,Kapal,Tiba di", "dermaga.", "2,Awak,Turun."], ["missing_cells", ("Awak", "Turun.")]),
        (["1,Kapal", "2,Awak,Turun."], ["missing_cells", ("Awak", "Turun.")]),
    ],
)  # fmt: skip
def test_a_row_that_is_not_understood_is_a_reject_and_takes_no_other_with_it(lines, expected):
    assert table("\n".join(["id,title,text", *lines, ""])) == expected


def test_an_open_mark_is_found_where_no_column_has_a_form():
    text = 'title;text\nKapal;"Tiba.\nAwak;Turun.\nMuatan;Bongkar."\nAkhir;Selesai.\n'
    assert table(text)[0] == "open_quote"
    assert ("Akhir", "Selesai.") in table(text)


def test_cells_are_joined_where_only_one_column_can_hold_the_delimiter():
    [row] = read_rows("id,text\n1,Kapal tiba, kata nakhoda, kemarin.\n", "f.csv")
    assert row.values["text"] == "Kapal tiba, kata nakhoda, kemarin."
    assert [note.kind for note in row.notes] == ["surplus_cells"]


def test_a_tab_file_without_quoting_keeps_its_marks():
    text = 'id\ttitle\ttext\n1\tKapal\t"Tiba" katanya\n2\tAwak\t"Turun\n'
    assert table(text) == [("Kapal", '"Tiba" katanya'), ("Awak", '"Turun')]


def test_a_reject_names_its_line():
    [reject, row] = read_rows("\nid,text,url\n1,a,b,c,d\n2,e,f\n", "f.csv")
    assert reject.source == "f.csv:3"
    assert "expected 3 cells, found 5" in reject.message
    assert row.line == 4


def test_lines_before_the_header_are_noted_once():
    rows = list(read_rows("Daftar\n" + PLAIN, "f.csv"))
    assert [len(row.notes) for row in rows] == [1, 0]
    assert rows[0].line == 3


def test_absent_last_cells_are_noted():
    [row] = read_rows("title,text,date\nKapal,Tiba.\n", "f.csv")
    assert [(note.kind, note.detail) for note in row.notes] == [("missing_cells", "date")]


def test_columns_of_the_same_name_are_both_kept():
    [row] = read_rows("id,text,text\n1,a,b\n", "f.csv")
    assert row.values == {"id": "1", "text": "a", "text (2)": "b"}


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "1,Kapal,Tiba.\n", "x\n"])
def test_a_file_without_a_known_column_is_a_reject(text):
    assert table(text) == ["no_columns"]


def test_a_setting_makes_a_column_known():
    [row] = read_rows("Kolom\nKapal tiba.\n", "f.csv", (("text", "kolom"),))
    assert row.values == {"Kolom": "Kapal tiba."}


def test_a_table_is_told_from_text():
    assert looks_like_csv("id;judul;isi\n1;a;b\n")
    assert looks_like_csv("sep=,\nx,y\n")
    assert not looks_like_csv("Kapal tiba, kata nakhoda\nAwak turun\n")
    assert not looks_like_csv("text\nKapal tiba.\n")
    assert not looks_like_csv("Title, text and pictures, said the editor, were all gone.\n")


def test_thousands_of_open_marks_take_no_time():
    text = "id,title,text\n" + "".join(f'{n},Kapal,"Tiba.\n' for n in range(4_000))
    assert table(text) == ["open_quote"] * 4_000


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("columns", [["text", "url"], ["title", "text"], ["id", "text", "date"]])
def test_cells_of_many_lines_are_no_open_marks(mark, columns):
    lines = ["Tiba:", "muatan 1,5 ton;", "2 orang,", "", "3, lalu 4; selesai"]
    cells = {
        "id": lambda n: str(n),
        "title": lambda n: f"Kapal {n}",
        "text": lambda n: '"' + "\n".join(lines) + f' {n}."',
        "url": lambda n: f"https://example.org/{n}",
        "date": lambda n: f"2025-02-0{n}",
    }
    rows = [mark.join(cells[name](n) for name in columns) for n in range(1, 6)]
    found = list(read_rows("\n".join([mark.join(columns), *rows, ""]), "f.csv"))
    texts = [row.values["text"] for row in found if not isinstance(row, Reject)]
    assert texts == ["\n".join(lines) + f" {n}." for n in range(1, 6)]
