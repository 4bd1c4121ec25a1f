import pytest

from labels.pipeline.schema import Article, Block, Field, SentenceKind, Unit
from labels.segment import segment


def article(**changes: object) -> Article:
    values: dict[str, object] = {"article_id": "a1", "title": None, "text": "", "lang": "en"}
    return Article(**{**values, **changes})


def test_title_comes_first_then_blocks_with_offsets_into_the_article():
    text = "One. Two.\nAD\nA photo."
    sentences = segment(
        article(
            title=" Head! More ",
            text=text,
            blocks=[
                Block(start=0, end=9),
                Block(start=13, end=21, kind=SentenceKind.caption),
            ],
        ),
        Unit.article,
    )
    assert [(s.sentence_id, s.kind.value, s.field.value, s.start, s.text) for s in sentences] == [
        ("a1#0", "title", "title", 1, "Head! More"),
        ("a1#1", "body", "text", 0, "One."),
        ("a1#2", "body", "text", 5, "Two."),
        ("a1#3", "caption", "text", 13, "A photo."),
    ]
    assert [sentence.index for sentence in sentences] == [0, 1, 2, 3]


def test_a_dateline_stays_in_the_first_sentence():
    text = "OSLO, May 5. /ABC/. The minister arrived. He smiled."
    sentences = segment(article(text=text, blocks=[Block(start=0, end=len(text))]), Unit.article)
    assert [sentence.text for sentence in sentences] == [
        "OSLO, May 5. /ABC/. The minister arrived.",
        "He smiled.",
    ]


@pytest.mark.parametrize(
    ("title", "spans"),
    [
        ("A bridge opens\n---", ["A bridge opens"]),
        ("---\nA bridge opens.\nPeople cross it", ["A bridge opens.", "People cross it"]),
    ],
)
def test_rules_around_a_title_are_left_out_and_its_lines_are_apart(title, spans):
    assert [sentence.text for sentence in segment(article(title=title), Unit.article)] == spans


def test_a_title_as_long_as_a_text_is_split():
    title = "This is no title. " * 20
    assert len(segment(article(title=title), Unit.article)) == 20


def test_unit_sentence_keeps_the_text_byte_for_byte():
    text = "  One. Two.\n\nThree \u200f "
    (sentence,) = segment(article(title="Head", text=text), Unit.sentence)
    assert (sentence.text, sentence.start, sentence.end) == (text, 0, len(text))
    assert sentence.field is Field.text


def test_unit_sentence_takes_the_title_of_a_record_without_text():
    (sentence,) = segment(article(title="A. B"), Unit.sentence)
    assert (sentence.text, sentence.field) == ("A. B", Field.title)


def test_a_paragraph_that_is_nothing_but_a_dateline_is_one_sentence():
    text = "МОСКВА, 4 марта. РИА Новости."
    blocks = [Block(start=0, end=len(text))]
    (sentence,) = segment(article(text=text, blocks=blocks, lang="ru"), Unit.article)
    assert sentence.text == text
