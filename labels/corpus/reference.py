"""Real news as a yardstick: its figures are kept, its text is not."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from labels.corpus.measure import Figures, measure_language, rounded
from labels.corpus.read import Corpus, Problem, Record, by_language, places, read_articles
from labels.corpus.settings import CorpusSettings
from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json
from labels.pipeline.json_lines import objects_of
from labels.pipeline.schema import Unit
from labels.segment import segment
from labels.split.overlap import OverlapIndex, word_ngrams


def measure_reference(corpus: Corpus, folder: Path, settings: CorpusSettings) -> list[Problem]:
    """Measure real news, keep the figures, and look for its sentences in the corpus.

    Reads ``articles/`` and ``gold/train.jsonl`` below ``folder`` and writes
    ``settings.reference_figures``. Articles that cannot be read are left out.

    Returns:
        A problem for every sentence of the corpus that is a near copy of a real one.

    Raises:
        DataError: The folder or the gold file is not there, or a line of it is no JSON object.
    """
    gold_path = folder / "gold" / "train.jsonl"
    if not (folder / "articles").is_dir() or not gold_path.is_file():
        raise DataError(f"reference: expected articles/ and gold/train.jsonl in {folder}")
    texts: defaultdict[str, list[str]] = defaultdict(list)
    n_articles: Counter[str] = Counter()
    for article in read_articles(folder / "articles", []):
        n_articles[article.lang] += 1
        texts[article.lang] += [sentence.text for sentence in segment(article, Unit.article)]
    records = [Record(line.where, line.values) for line in objects_of(gold_path)]
    gold = by_language(records)
    figures = {
        lang: rounded(
            measure_language(
                texts[lang],
                n_articles[lang],
                [record.values for record in gold.get(lang, [])],
                corpus.targets,
                settings.seed,
            )
        )
        for lang in sorted(texts)
    }
    write_json(settings.reference_figures, {"languages": figures})
    real = [text for of_language in texts.values() for text in of_language]
    real += [str(record["text"]) for record in records]
    return list(copied(corpus, real, settings))


def copied(corpus: Corpus, texts: Sequence[str], settings: CorpusSettings) -> Iterator[Problem]:
    """Yield the sentences of the corpus too many of whose word n-grams stand in one of ``texts``.

    Sentences shorter than two n-grams are left out: "the Gaza ceasefire deal" is nobody's own.
    """
    least = 2 * settings.ngram_words
    sentences = [
        sentence for sentence in corpus.all_sentences() if len(sentence.text.split()) >= least
    ]
    where = places(corpus)
    index = OverlapIndex([sentence.text for sentence in sentences], settings.ngram_words)
    for text in texts:
        if len(text.split()) < least:
            continue
        theirs = word_ngrams(text, settings.ngram_words)
        for number in index.matches(text, settings.max_shared):
            sentence = sentences[number]
            ours = word_ngrams(sentence.text, settings.ngram_words)
            if len(ours & theirs) < settings.max_shared * len(ours):
                continue  # a stock phrase that a longer sentence holds is no copy
            yield Problem(
                where[sentence.sentence_id],
                f"near copy of a real sentence: {sentence.text!r}: {text!r}",
            )


def read_reference(path: Path) -> dict[str, Figures]:
    """Read the kept figures of real news, by language.

    Raises:
        DataError: There are none, or one is missing.
    """
    try:
        languages = json.loads(path.read_text(encoding="utf-8"))["languages"]
        return {lang: Figures(**values) for lang, values in languages.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: expected figures of real news: {error}") from error
