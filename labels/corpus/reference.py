"""Real news as a yardstick: its figures are kept, its text is not."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labels.config import CorpusConfig
from labels.corpus.measure import class_shares, measure_texts, plain
from labels.corpus.read import Corpus, Problem, places, read_articles
from labels.errors import DataError
from labels.files import write_json
from labels.overlap import OverlapIndex, word_ngrams
from labels.schema import Unit
from labels.segment import segment


def measure_reference(corpus: Corpus, config: CorpusConfig) -> list[Problem]:
    """Measure real news, keep the figures, and look for its sentences in the corpus.

    Reads ``articles/`` and ``gold/train.jsonl`` below ``config.reference`` and writes
    ``config.reference_figures``. Articles that cannot be read are left out.

    Returns:
        A problem for every sentence of the corpus that is a near copy of a real one.

    Raises:
        DataError: The folder or the gold file is not there.
    """
    folder = Path(config.reference)
    gold = folder / "gold" / "train.jsonl"
    if not (folder / "articles").is_dir() or not gold.is_file():
        raise DataError(f"reference: expected articles/ and gold/train.jsonl in {folder}")
    texts: defaultdict[str, list[str]] = defaultdict(list)
    n_articles: defaultdict[str, int] = defaultdict(int)
    for article in read_articles(folder / "articles", []):
        n_articles[article.lang] += 1
        texts[article.lang] += [one.text for one in segment(article, Unit.article)]
    rows: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows[row["lang"]].append(row)
    figures = {
        lang: plain(measure_texts(of_one, config.seed))
        | {
            "articles": n_articles[lang],
            "gold_sentences": len(rows[lang]),
            "classes": class_shares(rows[lang], corpus.targets),
        }
        for lang, of_one in sorted(texts.items())
    }
    write_json(Path(config.reference_figures), {"languages": figures})
    real = [text for of_one in texts.values() for text in of_one]
    real += [row["text"] for of_one in rows.values() for row in of_one]
    return list(copied(corpus, real, config))


def copied(corpus: Corpus, texts: Sequence[str], config: CorpusConfig) -> Iterator[Problem]:
    """Yield the sentences of the corpus too many of whose word n-grams stand in one of ``texts``.

    Sentences shorter than two n-grams are left out: "the Gaza ceasefire deal" is nobody's own.
    """
    least = 2 * config.ngram_words
    sentences = [one for one in corpus.all_sentences() if len(one.text.split()) >= least]
    where = places(corpus)
    index = OverlapIndex([one.text for one in sentences], config.ngram_words)
    for text in texts:
        if len(text.split()) >= least:
            theirs = word_ngrams(text, config.ngram_words)
            for number in index.matches(text, config.max_shared):
                one = sentences[number]
                own = word_ngrams(one.text, config.ngram_words)
                if len(own & theirs) < config.max_shared * len(own):
                    continue  # a stock phrase that a longer sentence holds is no copy
                yield Problem(
                    where[one.sentence_id], f"near copy of a real sentence: {one.text!r}: {text!r}"
                )


def read_reference(path: Path) -> dict[str, Any]:
    """Read the kept figures of real news.

    Raises:
        DataError: There are none.
    """
    try:
        figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["languages"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: expected figures of real news: {error}") from error
    return figures
