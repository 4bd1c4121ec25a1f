"""Read the corpus with the line of every record, as its checks need it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labels.annotate.gold import Gold, match_gold, read_gold
from labels.ingest.prepare import ingest
from labels.ingest.read.readers import PageFile, read_inputs, read_page
from labels.pipeline.errors import DataError
from labels.pipeline.json_lines import JsonLine, read_json_lines
from labels.pipeline.schema import POLAR_STANCES, Article, Reject, Sentence, Unit
from labels.segment import segment

ARTICLES = "articles"
GOLD = "gold.jsonl"
MANIFEST = "manifest.jsonl"
SECOND_READING = "second_reading.jsonl"
DISAGREEMENTS = "disagreements.jsonl"


@dataclass(frozen=True)
class Problem:
    """A broken rule."""

    where: str  # file:line, or the part of the corpus that a count speaks of
    message: str  # what was expected, what was found

    def __str__(self) -> str:
        """Return ``where: message``."""
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Record(JsonLine):
    """A line of one of the corpus's files."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return a field, or None where the record has none."""
        return self.values.get(name)


@dataclass(frozen=True)
class Piece:
    """An article cut into its sentences, without all that surrounds them."""

    article_id: str
    sentences: tuple[str, ...]


@dataclass
class Corpus:
    """The corpus as it lies on disk; ``problems`` tells what could not be read."""

    folder: Path
    targets: tuple[str, ...]
    gold: list[Record] = field(default_factory=list)
    manifest: list[Record] = field(default_factory=list)
    second: list[Record] = field(default_factory=list)
    disagreements: list[Record] = field(default_factory=list)
    articles: dict[str, Article] = field(default_factory=dict)
    sentences: dict[str, list[Sentence]] = field(default_factory=dict)  # by article
    matched: Gold = field(default_factory=lambda: Gold({}, []))
    problems: list[Problem] = field(default_factory=list)

    def all_sentences(self) -> Iterator[Sentence]:
        """Go through the sentences of all articles, in order."""
        for sentences in self.sentences.values():
            yield from sentences

    def texts_by_language(self) -> dict[str, list[str]]:
        """Group the texts of the sentences by language."""
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for sentence in self.all_sentences():
            texts[sentence.lang].append(sentence.text)
        return dict(sorted(texts.items()))

    def pieces_by_language(self) -> dict[str, list[Piece]]:
        """Group the articles by language."""
        pieces: defaultdict[str, list[Piece]] = defaultdict(list)
        for article in self.articles.values():
            texts = (sentence.text for sentence in self.sentences[article.article_id])
            pieces[article.lang].append(Piece(article.article_id, tuple(texts)))
        return dict(sorted(pieces.items()))

    def polar(self, record: Record) -> list[str]:
        """List the targets towards which a record takes a position."""
        return [target for target in self.targets if record[target] in POLAR_STANCES]


def read_corpus(folder: Path, targets: Sequence[str]) -> Corpus:
    """Read articles, gold, manifest and the second reading of a corpus.

    Args:
        folder: Holds ``articles/`` and the four files named above.
        targets: Keys of the targets that every gold row labels.

    Raises:
        DataError: A file is not there at all.
    """
    corpus = Corpus(folder, tuple(targets))
    missing = [
        str(folder / name)
        for name in (ARTICLES, GOLD, MANIFEST, SECOND_READING, DISAGREEMENTS)
        if not (folder / name).exists()
    ]
    if missing:
        raise DataError(f"corpus: expected {', '.join(missing)}: no such file or folder")
    corpus.gold = read_records(folder / GOLD, corpus.problems)
    corpus.manifest = read_records(folder / MANIFEST, corpus.problems)
    corpus.second = read_records(folder / SECOND_READING, corpus.problems)
    corpus.disagreements = read_records(folder / DISAGREEMENTS, corpus.problems)
    for article in read_articles(folder / ARTICLES, corpus.problems):
        if article.article_id in corpus.articles:
            corpus.problems.append(Problem(article.article_id, "expected a new id, found it again"))
        corpus.articles[article.article_id] = article
        corpus.sentences[article.article_id] = segment(article, Unit.article)
    rows, rejects = read_gold(folder / GOLD, targets, targets)
    corpus.matched = match_gold(rows, list(corpus.all_sentences()))
    for reject in (*rejects, *corpus.matched.rejects):
        if reject.reason != "broken_json":  # told by `read_records` already
            corpus.problems.append(problem_of(reject))
    return corpus


def read_articles(folder: Path, problems: list[Problem]) -> Iterator[Article]:
    """Read and clean every article below a folder; what cannot be read is a problem."""
    for found in read_inputs([folder]):
        item = read_page(found) if isinstance(found, PageFile) else found
        result = item if isinstance(item, Reject) else ingest(item, Unit.article)
        if isinstance(result, Reject):
            problems.append(problem_of(result))
        else:
            yield result.article


def read_records(path: Path, problems: list[Problem]) -> list[Record]:
    """Read the records of a JSON-lines file; a line that is none is a problem."""
    records = []
    for line in read_json_lines(path):
        if isinstance(line, Reject):
            problems.append(problem_of(line))
        else:
            records.append(Record(line.where, line.values))
    return records


def problem_of(reject: Reject) -> Problem:
    """Tell a reject as a problem; its message begins with where it stands."""
    return Problem(reject.source, reject.message.removeprefix(f"{reject.source}: "))


def by_id(records: Sequence[Record], key: str) -> dict[Any, Record]:
    """Index records by a field; of several with the same value the last one counts."""
    return {record[key]: record for record in records}


def by_language(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Group records by their ``lang``."""
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[str(record["lang"])].append(record)
    return dict(groups)


def places(corpus: Corpus) -> dict[str, str]:
    """Return where each sentence stands: its gold line if it has one, else its id."""
    gold = corpus.matched.by_sentence
    ids = [sentence.sentence_id for sentence in corpus.all_sentences()]
    return {key: gold[key].where if key in gold else key for key in ids}
