from labels.corpus.pages import (
    BEGIN,
    END,
    agreement_page,
    figures_of,
    publish,
    table_rows,
    with_table,
)
from labels.corpus.read import Corpus, Record, read_corpus
from labels.corpus.reference import read_reference
from labels.metrics.agreement import Agreement


def test_the_table_sets_the_corpus_beside_real_news(limits, folder):
    corpus = read_corpus(folder, limits.targets)
    header, rows = table_rows(corpus, read_reference(limits.reference_figures), limits)
    found = {row[0]: row[1:] for row in rows}
    assert header == ["", "en corpus", "en real"]
    assert found["articles"] == ["3", "10"]
    # 6, 11, 7 and 7 words: 31 of 4 sentences
    assert found["words of a sentence, mean"] == ["7.8", "8.0"]
    assert found["words, 10% - median - 90%"][1] == "5 - 8 - 12"
    assert found["russia against"] == ["33.3%", "20.0%"]
    assert found["sentiment neutral"] == ["100.0%", "20.0%"]
    assert found["hard case: metonym"] == ["1", ""]
    assert "russia unrelated" not in found


def test_a_language_without_real_news_has_no_figures_beside_it(limits, folder):
    _, rows = table_rows(read_corpus(folder, limits.targets), {}, limits)
    assert {row[2] for row in rows} == {"-", ""}


def test_a_language_of_one_sentence_has_no_figures(limits, folder):
    corpus = read_corpus(folder, limits.targets)
    (article_id, *_) = corpus.sentences
    corpus.sentences = {article_id: corpus.sentences[article_id][:1]}
    assert figures_of(corpus, 1) == {}


def test_the_page_on_agreement_tells_alpha_and_how_differences_ended(tmp_path):
    corpus = Corpus(tmp_path, ("oic",))
    corpus.disagreements = [
        Record("d.jsonl:1", {"first": "favor", "second": "neutral", "settled": settled})
        for settled in ("neutral", "neutral", "favor", "against")
    ]
    found = {
        ("en", "oic"): Agreement(n=1234, alpha=0.5, equal=0.75),
        ("en", "voice"): Agreement(n=2, alpha=None, equal=1.0),
    }
    page = agreement_page(corpus, found)
    assert "a reason: 2 for the second, 1 for the first, 1 for neither\n(of 4)." in page
    assert "|  | oic | sentiment | holder | voice |" in page
    assert "| en | 0.500 (0.750, n 1,234) | - | - | - (1.000, n 2) |" in page


def test_a_page_is_written_where_asked_and_else_a_problem_unless_up_to_date(tmp_path):
    page = tmp_path / "page.md"
    (problem,) = publish(page, "new", write=False)
    assert str(problem) == f"{page}: is not that of the corpus; run: make check-corpus WRITE=true"
    assert not page.exists()
    assert publish(page, "new", write=True) == []
    assert page.read_text(encoding="utf-8") == "new"
    assert publish(page, "new", write=False) == []


def test_the_table_replaces_the_one_between_the_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Card\n\n{BEGIN}\nold\n{END}\n\nEnd.\n", encoding="utf-8")
    assert with_table(page, "| new |") == f"# Card\n\n{BEGIN}\n| new |\n{END}\n\nEnd.\n"


def test_a_page_without_marks_gets_the_table_at_its_end(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Card\n", encoding="utf-8")
    assert with_table(page, "T") == f"# Card\n\n{BEGIN}\nT\n{END}\n"
