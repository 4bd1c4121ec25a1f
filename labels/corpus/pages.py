"""What the corpus check publishes: the table of the data card and the page on agreement."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labels.config import CorpusConfig
from labels.corpus.agreement import Agreement
from labels.corpus.measure import class_shares, measure_texts, plain
from labels.corpus.read import Corpus, Problem, by_language
from labels.files import atomic_path
from labels.languages import LANGUAGES
from labels.schema import SENTIMENTS, STANCES, Stance

BEGIN, END = "<!-- table: check_corpus -->", "<!-- end of table -->"

_MEASURES = (
    ("type-token ratio of 1,000 words", "type_token_ratio", "{:.2f}"),
    ("words of a sentence, mean", "words_mean", "{:.1f}"),
    ("words, 10% - median - 90%", "words", "{}"),
    ("commonest first three words", "top_opening_share", "{:.2%}"),
)


def figures_of(corpus: Corpus, seed: int) -> dict[str, dict[str, Any]]:
    """Return the figures of the corpus by language, in the form of the reference's."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for one in corpus.all_sentences():
        texts[one.lang].append(one.text)
    articles = Counter(article.lang for article in corpus.articles.values())
    gold = by_language(corpus.gold)
    return {
        lang: plain(measure_texts(texts[lang], seed))
        | {
            "articles": articles[lang],
            "gold_sentences": len(gold.get(lang, [])),
            "classes": class_shares([r.values for r in gold.get(lang, [])], corpus.targets),
        }
        for lang in LANGUAGES
        if len(texts[lang]) > 1
    }


def table_rows(
    corpus: Corpus, real: Mapping[str, Mapping[str, Any]], config: CorpusConfig
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table: a column a language, the corpus beside real news."""
    mine = figures_of(corpus, config.seed)
    langs = [lang for lang in LANGUAGES if lang in mine]
    gold = by_language(corpus.gold)

    header = ["", *(f"{lang} {part}" for lang in langs for part in ("corpus", "real"))]
    rows = []
    for label, name in (
        ("articles", "articles"),
        ("sentences", "sentences"),
        ("gold sentences", "gold_sentences"),
    ):
        rows.append([label, *(f"{of[x][name]:,}" for x in langs for of in (mine, real))])
    for label, name, form in _MEASURES:
        rows.append([label, *(_cell(of[x], name, form) for x in langs for of in (mine, real))])
    for task in (*corpus.targets, "sentiment"):
        labels = SENTIMENTS if task == "sentiment" else STANCES
        for one in labels:
            if one != Stance.unrelated.value:
                cells = (f"{of[x]['classes'][task][one]:.1%}" for x in langs for of in (mine, real))
                rows.append([f"{task} {one}", *cells])
    for case in config.cases:
        counts = {x: sum(case in (r["cases"] or []) for r in gold.get(x, [])) for x in langs}
        rows.append([f"hard case: {case}", *(c for x in langs for c in (str(counts[x]), ""))])
    return header, rows


def _cell(figures: Mapping[str, Any], name: str, form: str) -> str:
    if name == "words":
        parts = (figures["words_p10"], figures["words_median"], figures["words_p90"])
        return " - ".join(f"{part:.0f}" for part in parts)
    return form.format(figures[name])


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its first column left and the others right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def agreement_page(corpus: Corpus, agreements: Mapping[tuple[str, str], Agreement]) -> str:
    """Return the page on agreement: alpha by field and language, and how differences ended."""
    kinds = [*corpus.targets, "sentiment", "holder", "voice"]
    langs = [lang for lang in LANGUAGES if any(key[0] == lang for key in agreements)]
    rows = [[lang, *(_agreement(agreements.get((lang, kind))) for kind in kinds)] for lang in langs]
    ended = Counter(
        (
            "the first"
            if one["settled"] == one["first"]
            else "the second"
            if one["settled"] == one["second"]
            else "neither"
        )
        for one in corpus.disagreements
    )
    endings = ", ".join(f"{count} for {side}" for side, count in ended.most_common())
    return f"""# How far two readings agree

Written by `make check-corpus WRITE=true` from `data/sample/second_reading.jsonl` and
`data/sample/disagreements.jsonl`; do not edit.

Every gold sentence of the built-in corpus was labelled by its writer and read again by a second
reader, who saw the sentences alone and shuffled, without articles and without the first labels.
`data/sample/README.md` names the exceptions.
Holder and voice are compared where both readings see the same position; two holders are the same
when one span holds the other. Every difference was settled with a reason: {endings}
(of {len(corpus.disagreements)}). Writers, second readers and judges are language models of the
same kind, so this says how consistently the guidelines can be applied, not how far people agree.

Krippendorff's alpha (nominal); in brackets the share of equal labels and the number of them:

{markdown(["", *kinds], rows)}
"""


def _agreement(one: Agreement | None) -> str:
    if one is None:
        return "-"
    alpha = "-" if one.alpha is None else f"{one.alpha:.3f}"
    return f"{alpha} ({one.equal:.3f}, n {one.n:,})"


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
