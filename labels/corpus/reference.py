"""Real news as a yardstick: its figures are kept, its text is not."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labels.corpus.measure import Figures, measure_language, rounded
from labels.corpus.read import (
    Corpus,
    Piece,
    Problem,
    Record,
    by_language,
    places,
    read_articles,
)
from labels.corpus.settings import CorpusSettings
from labels.pipeline.errors import DataError
from labels.pipeline.files import write_json
from labels.pipeline.json_lines import objects_of
from labels.pipeline.schema import Unit
from labels.segment import segment
from labels.split.overlap import OverlapIndex, word_ngrams


@dataclass(frozen=True)
class RealNews:
    """Real news as it was read; nothing of it is kept but figures."""

    pieces: Mapping[str, Sequence[Piece]]  # by language
    gold: Sequence[Record]

    def texts(self, lang: str) -> list[str]:
        """List the sentences of a language."""
        return [text for piece in self.pieces[lang] for text in piece.sentences]


def read_real_news(folder: Path) -> RealNews:
    """Read ``articles/`` and ``gold/train.jsonl`` below ``folder``.

    Articles that cannot be read are left out.

    Raises:
        DataError: The folder or the gold file is not there, or a line of it is no JSON object.
    """
    gold_path = folder / "gold" / "train.jsonl"
    if not (folder / "articles").is_dir() or not gold_path.is_file():
        raise DataError(f"reference: expected articles/ and gold/train.jsonl in {folder}")
    pieces: defaultdict[str, list[Piece]] = defaultdict(list)
    for article in read_articles(folder / "articles", []):
        texts = (sentence.text for sentence in segment(article, Unit.article))
        pieces[article.lang].append(Piece(article.article_id, tuple(texts)))
    gold = [Record(line.where, line.values) for line in objects_of(gold_path)]
    return RealNews(dict(sorted(pieces.items())), gold)


def measure_reference(corpus: Corpus, news: RealNews, settings: CorpusSettings) -> list[Problem]:
    """Measure real news, keep the figures, and look for its sentences in the corpus.

    Writes ``settings.reference_figures``.

    Returns:
        A problem for every sentence of the corpus that is a near copy of a real one.
    """
    gold = by_language(news.gold)
    figures = {
        lang: rounded(
            measure_language(
                news.texts(lang),
                len(pieces),
                [record.values for record in gold.get(lang, [])],
                corpus.targets,
                settings.seed,
            )
        )
        for lang, pieces in news.pieces.items()
    }
    write_json(settings.reference_figures, {"languages": figures})
    real = [text for lang in news.pieces for text in news.texts(lang)]
    real += [str(record["text"]) for record in news.gold]
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
