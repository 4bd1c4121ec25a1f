import pytest

from labels.ingest.read.values import cut_marker, host_of, is_missing, is_prose, is_url


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ships waited… [+1204 chars]", "Ships waited…"),
        ("Ships waited... [12 more chars]", "Ships waited..."),
        ("Ships waited [+3,456 characters]", "Ships waited"),
        ("Корабли ждали… [+120 символов]", "Корабли ждали…"),
        ("Kapal menunggu […]", "Kapal menunggu"),
        ("Ships waited [...]\n", "Ships waited"),
        ("Ships waited… (read more)", "Ships waited…"),
        ("Ships waited... Read more »", "Ships waited..."),
        ("Ships waited. [Read more...]", "Ships waited."),
        ("Ships waited… Continue reading Harbour news →", "Ships waited…"),
        ("Kapal menunggu... [Baca selengkapnya]", "Kapal menunggu..."),
        ("Корабли ждали… Читать далее", "Корабли ждали…"),
        ("انتظرت السفن... اقرأ المزيد", "انتظرت السفن..."),
        ("انتظرت السفن [اقرأ المزيد]", "انتظرت السفن"),
        ("Ships waited. Read more >>", "Ships waited."),
        ("Ships waited… [912 chars truncated]", "Ships waited…"),
        ("Ships waited (…+1200 chars)", "Ships waited"),
    ],
)
def test_a_mark_of_a_cut_is_found(text, kept):
    found = cut_marker(text)
    assert found is not None
    assert text[: found[0]] == kept


@pytest.mark.parametrize(
    "text",
    [
        "Ships waited.",
        "Ships waited…",
        "He wants to read more",
        "He wants more.",
        "The bill (no more)",
        "The list [12 names]",
        "The port has 3,400 characters painted on its wall.",
        "Он хочет читать далее",
    ],
)
def test_what_is_no_mark_of_a_cut_stays(text):
    assert cut_marker(text) is None


def test_words_that_mean_something_are_not_missing():
    assert not any(map(is_missing, ("Nan Province", "None of them came", "No", "0", "Нет войне")))


@pytest.mark.parametrize("value", ["NaN", " none ", "N/A", "...", "[]", "—", "Untitled", "н/д"])
def test_placeholders_and_bare_signs_are_missing(value):
    assert is_missing(value)


def test_addresses():
    assert is_url("https://example.org/a")
    assert is_url("www.example.org")
    assert not is_url("See https://example.org/a")
    assert host_of("https://www.example.org/a") == "example.org"
    assert host_of("example.org") == "example.org"


def test_prose_has_words_and_an_end():
    assert is_prose("Kapal itu berlabuh di dermaga pada Senin.")
    assert is_prose("رست السفينة في الميناء يوم الاثنين صباحا.")
    assert not is_prose("kapal, dermaga, senin, pelabuhan, berita, dunia.")
    assert not is_prose("Kapal berlabuh")
