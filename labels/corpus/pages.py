"""What the corpus check publishes: the table of the data card and the page on agreement."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from labels.corpus.agreement import kinds_of_field
from labels.corpus.measure import Figures, measure_language
from labels.corpus.read import Corpus, Problem, Record, by_language
from labels.corpus.settings import CorpusSettings
from labels.languages import LANGUAGES
from labels.metrics.agreement import Agreement
from labels.pipeline.files import atomic_path
from labels.pipeline.markdown import markdown_table
from labels.pipeline.schema import Stance, tasks_for

BEGIN, END = "<!-- table: check_corpus -->", "<!-- end of table -->"
NONE = "-"  # the cell of a figure that is not known

_ROWS = (  # name, and how its figures are told
    ("articles", "{0.articles:,}"),
    ("sentences", "{0.sentences:,}"),
    ("gold sentences", "{0.gold_sentences:,}"),
    ("type-token ratio of 1,000 words", "{0.type_token_ratio:.2f}"),
    ("words of a sentence, mean", "{0.words_mean:.1f}"),
    ("words, 10% - median - 90%", "{0.words_p10:.0f} - {0.words_median:.0f} - {0.words_p90:.0f}"),
    ("commonest first three words", "{0.top_opening_fraction:.2%}"),
)


def figures_of(corpus: Corpus, seed: int) -> dict[str, Figures]:
    """Return the figures of the corpus by language; one needs two sentences to have any."""
    articles = Counter(article.lang for article in corpus.articles.values())
    gold = by_language(corpus.gold)
    texts = corpus.texts_by_language()
    return {
        lang: measure_language(
            texts[lang],
            articles[lang],
            [record.values for record in gold.get(lang, [])],
            corpus.targets,
            seed,
        )
        for lang in LANGUAGES
        if len(texts.get(lang, [])) > 1
    }


def table_rows(
    corpus: Corpus, real: Mapping[str, Figures], settings: CorpusSettings
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table: a column a language, the corpus beside real news."""
    ours = figures_of(corpus, settings.seed)
    columns = [figures for lang in ours for figures in (ours[lang], real.get(lang))]
    header = ["", *(f"{lang} {whose}" for lang in ours for whose in ("corpus", "real"))]
    rows = [
        [name, *(form.format(figures) if figures else NONE for figures in columns)]
        for name, form in _ROWS
    ]
    for task in tasks_for(corpus.targets):
        for label in task.classes:
            if label != Stance.unrelated.value:
                cells = (
                    f"{figures.classes[task.key][label]:.1%}" if figures else NONE
                    for figures in columns
                )
                rows.append([f"{task.key} {label}", *cells])
    cases = {
        lang: Counter(case for record in records for case in set(record["cases"] or []))
        for lang, records in by_language(corpus.gold).items()
    }
    for case in settings.cases:
        counts = [str(cases[lang][case]) if lang in cases else "0" for lang in ours]
        rows.append([f"hard case: {case}", *(cell for count in counts for cell in (count, ""))])
    return header, rows


def agreement_page(corpus: Corpus, agreements: Mapping[tuple[str, str], Agreement]) -> str:
    """Return the page on agreement: alpha by field and language, and how differences ended."""
    kinds = kinds_of_field(corpus.targets)
    langs = [lang for lang in LANGUAGES if any(key[0] == lang for key in agreements)]
    rows = [[lang, *(_cell(agreements.get((lang, kind))) for kind in kinds)] for lang in langs]
    ended = Counter(_ending(difference) for difference in corpus.disagreements)
    endings = ", ".join(f"{count} for {side}" for side, count in ended.most_common())
    return f"""# How far two readings agree

Written by `make check-corpus WRITE=true` from `data/sample/second_reading.jsonl` and
`data/sample/disagreements.jsonl`; do not edit.

Every gold sentence of the built-in corpus was labelled by its writer and read again by a second
reader, who saw the sentences alone and shuffled, without articles and without the first labels.
`data/sample/README.md` names the exceptions.
Holder and voice are compared where both readings see the same position; two holders are the same
when one span holds the other. Every difference was settled with a reason: {endings}
(of {len(corpus.disagreements)}). A label on which both agreed, but which a rule that was settled
later changed, is one of those for neither. Writers, second readers and judges are language models
of the same kind, so this says how consistently the guidelines can be applied, not how far people
agree.

Krippendorff's alpha (nominal); in brackets the share of equal labels and the number of them:

{markdown_table(["", *kinds], rows)}
"""


def _ending(difference: Record) -> str:
    for reading in ("first", "second"):
        if difference["settled"] == difference[reading]:
            return f"the {reading}"
    return "neither"


def _cell(agreement: Agreement | None) -> str:
    if agreement is None:
        return NONE
    alpha = NONE if agreement.alpha is None else f"{agreement.alpha:.3f}"
    return f"{alpha} ({agreement.equal:.3f}, n {agreement.n:,})"


def publish(path: Path, text: str, write: bool) -> list[Problem]:
    """Write a page, or tell that it is not up to date."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    if old == text:
        return []
    if not write:
        return [Problem(str(path), "is not that of the corpus; run: make check-corpus WRITE=true")]
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return []


def with_table(path: Path, table: str) -> str:
    """Return the text of a page with the table between its two marks."""
    text = path.read_text(encoding="utf-8") if path.is_file() else f"{BEGIN}\n{END}\n"
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        before, after = text.rstrip("\n") + "\n\n", "\n"
    return f"{before}{BEGIN}\n{table}\n{END}{after}"
