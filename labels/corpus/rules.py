"""The rules of the corpus. Each one yields a problem for every place where it is broken."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from labels.corpus.agreement import check_readings
from labels.corpus.measure import measure_texts, openings
from labels.corpus.read import MANIFEST, Corpus, Problem, Record, by_id, by_language, places
from labels.corpus.reference import read_reference
from labels.corpus.settings import CorpusSettings
from labels.languages import LANGUAGES
from labels.pipeline.schema import (
    AUTHOR,
    POLAR_STANCES,
    STANCES,
    VOICES,
    Field,
    Sentence,
    Split,
    Stance,
)
from labels.pipeline.tables import iterate_table
from labels.split.overlap import OverlapIndex, word_ngrams

Rule = Callable[[Corpus, CorpusSettings], Iterator[Problem]]

# Domains that no one can own (RFC 2606).
_RESERVED = re.compile(r"(?:^|\.)(?:example|example\.(?:org|com|net))$")
_REQUIRED = ("article_id", "lang", "genre", "outlet", "url", "author")
_GOLD_REQUIRED = ("id", "lang", "article_id", "text", "annotator", "sentiment")
_LEAST_NGRAMS = 2  # of a sentence that is compared by its n-grams
_COUNTED = tuple(stance for stance in STANCES if stance != Stance.unrelated.value)


def fields(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every gold row is complete: id, text, labels of all targets, annotator; ids are unique."""
    seen: dict[str, str] = {}
    for record in corpus.gold:
        for name in (*_GOLD_REQUIRED, *corpus.targets):
            if record[name] in (None, ""):
                yield Problem(record.where, f"{name}: expected a value, found none")
        where = seen.setdefault(str(record["id"]), record.where)
        if where != record.where:
            yield Problem(record.where, f"id: {record['id']!r} stands at {where} already")
        for case in record["cases"] or []:
            if case not in settings.cases:
                known = "|".join(settings.cases)
                yield Problem(record.where, f"cases: expected one of {known}, found {case!r}")


def attribution(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every polar stance, and nothing else, has a holder copied from the sentence and a voice."""
    for record in corpus.gold:
        polar = set(corpus.polar(record))
        for name in ("holder", "voice"):
            given = record[name] or {}
            if not isinstance(given, Mapping) or set(given) != polar:
                found = sorted(given) if isinstance(given, Mapping) else given
                yield Problem(record.where, f"{name}: expected {sorted(polar)}, found {found}")
                continue
            for target, value in given.items():
                if name == "voice" and value not in VOICES:
                    expected = "|".join(VOICES)
                    yield Problem(record.where, f"voice: expected {expected}, found {value!r}")
                if name == "holder" and value != AUTHOR and value not in str(record["text"]):
                    yield Problem(record.where, f"holder of {target}: {value!r} not in the text")


def offsets(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every sentence is what its offsets cut out of its article."""
    for article in corpus.articles.values():
        for sentence in corpus.sentences[article.article_id]:
            text = article.title if sentence.field is Field.title else article.text
            start, end = sentence.start, sentence.end
            if (text or "")[start:end] != sentence.text:
                yield Problem(sentence.sentence_id, f"[{start}:{end}] is not {sentence.text!r}")


def manifest(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every article has one line that says what it is, when and where, and that it is fiction."""
    seen: dict[str, str] = {}
    for record in corpus.manifest:
        for name in _REQUIRED:
            if not str(record[name] or "").strip():
                yield Problem(record.where, f"{name}: expected a value, found none")
        if record["fiction"] is not True:
            yield Problem(record.where, f"fiction: expected true, found {record['fiction']!r}")
        host = urlsplit(str(record["url"] or "")).hostname or ""
        if not _RESERVED.search(host):
            yield Problem(record.where, f"url: expected an example domain, found {host!r}")
        if record["published"] is not None and not _in_years(record["published"], settings):
            expected = f"a date of {settings.first_year} to {settings.last_year}"
            yield Problem(
                record.where, f"published: expected {expected}, found {record['published']!r}"
            )
        where = seen.setdefault(str(record["article_id"]), record.where)
        if where != record.where:
            yield Problem(record.where, f"article_id: stands at {where} already")
        if record["article_id"] not in corpus.articles:
            yield Problem(record.where, f"article_id: no article {record['article_id']!r}")
    for article_id in corpus.articles.keys() - seen.keys():
        place = corpus.folder / MANIFEST
        yield Problem(str(place), f"expected a line for article {article_id!r}, found none")


def _in_years(published: object, settings: CorpusSettings) -> bool:
    try:
        return settings.first_year <= date.fromisoformat(str(published)).year <= settings.last_year
    except ValueError:
        return False


def labelled_whole(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """An article that is labelled is labelled whole."""
    known = by_id(corpus.manifest, "article_id")
    for article_id, sentences in corpus.sentences.items():
        record = known.get(article_id)
        if record is None:
            continue
        gold = corpus.matched.by_sentence
        labelled = [sentence.sentence_id in gold for sentence in sentences]
        if bool(record["labelled"]) != any(labelled):
            yield Problem(
                record.where, f"labelled: expected {any(labelled)}, found {record['labelled']!r}"
            )
        if any(labelled):
            for sentence, has_label in zip(sentences, labelled, strict=True):
                if not has_label:
                    found = f"expected a gold row for {sentence.text!r}, found none"
                    yield Problem(record.where, found)


def sizes(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """There are enough articles of the usual length, and enough gold, in every language."""
    low, high = settings.article_sentences
    whole = Counter(
        corpus.articles[article_id].lang
        for article_id, sentences in corpus.sentences.items()
        if low <= len(sentences) <= high
    )
    gold = Counter(record["lang"] for record in corpus.gold)
    for lang in LANGUAGES:
        if whole[lang] < settings.min_articles:
            expected = f"at least {settings.min_articles} articles of {low} to {high} sentences"
            yield Problem(lang, f"expected {expected}, found {whole[lang]}")
        if gold[lang] < settings.min_gold:
            yield Problem(lang, f"expected {settings.min_gold} gold sentences, found {gold[lang]}")


def classes(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every stance towards every target occurs often enough in every language."""
    for lang, rows in _languages(corpus):
        for target in corpus.targets:
            counts = Counter(record[target] for record in rows)
            for stance in _COUNTED:
                if counts[stance] < settings.min_class:
                    expected = f"at least {settings.min_class} sentences with {target} {stance}"
                    yield Problem(lang, f"expected {expected}, found {counts[stance]}")


def contrasts(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Enough sentences take different stances to two targets, and opposite ones."""
    for lang, rows in _languages(corpus):
        stances = [
            {record[key] for key in corpus.targets if record[key] != Stance.unrelated.value}
            for record in rows
        ]
        differ = sum(len(different) > 1 for different in stances)
        oppose = sum(different.issuperset(POLAR_STANCES) for different in stances)
        if differ < settings.min_contrasts:
            expected = f"at least {settings.min_contrasts} sentences whose stances differ"
            yield Problem(lang, f"expected {expected}, found {differ}")
        if oppose < settings.min_opposites:
            expected = f"at least {settings.min_opposites} sentences with favor beside against"
            yield Problem(lang, f"expected {expected}, found {oppose}")


def held_out(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Dev and test hold enough of every stance towards every target in every language."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for row in iterate_table(settings.splits, "splits"):
        for stance in row["stances"]:
            counts[row["split"], row["lang"], stance["target"], stance["label"]] += 1
    for split in (Split.dev.value, Split.test.value):
        for lang in LANGUAGES:
            for target in corpus.targets:
                for label in _COUNTED:
                    found = counts[split, lang, target, label]
                    if found < settings.min_held_out:
                        expected = f"at least {settings.min_held_out} with {target} {label}"
                        yield Problem(f"{lang} {split}", f"expected {expected}, found {found}")


def hard_cases(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every kind of hard case occurs often enough in every language."""
    for lang, rows in _languages(corpus):
        counts = Counter(case for record in rows for case in record["cases"] or [])
        for case in settings.cases:
            if counts[case] < settings.min_cases:
                expected = f"at least {settings.min_cases} sentences of the case {case}"
                yield Problem(lang, f"expected {expected}, found {counts[case]}")


def copies(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """No sentence stands in two articles, whole or with half of its word n-grams shared.

    Inside an article sentences may be near copies: a contrast set has the same words with other
    labels, and shares a split. The share is that of the longer sentence, so that a stock phrase
    which a longer one holds is no copy; sentences too short for two n-grams are told where they
    are the same.
    """
    where = places(corpus)
    sentences = list(corpus.all_sentences())
    index = OverlapIndex([sentence.text for sentence in sentences], settings.ngram_words)
    for number, sentence in enumerate(sentences):
        for match in index.matches(sentence.text, settings.max_shared):
            twin = sentences[match]
            if match < number and _is_copy(sentence, twin, settings):
                yield Problem(
                    where[sentence.sentence_id],
                    f"near copy of {where[twin.sentence_id]}: {sentence.text!r} and {twin.text!r}",
                )


def _is_copy(sentence: Sentence, twin: Sentence, settings: CorpusSettings) -> bool:
    if sentence.article_id == twin.article_id:
        return False
    ours, theirs = (word_ngrams(one.text, settings.ngram_words) for one in (sentence, twin))
    shorter, longer = sorted((len(ours), len(theirs)))
    if shorter < _LEAST_NGRAMS:
        return ours == theirs
    shared = len(ours & theirs)
    return shared == shorter or shared >= settings.max_shared * longer


def opening_words(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Not too many sentences of a language begin with the same three words."""
    for lang, texts in corpus.texts_by_language().items():
        for opening, count in openings(texts).most_common(3):
            if count > settings.max_opening * len(texts):
                expected = f"at most {settings.max_opening:.0%} of the sentences to open alike"
                yield Problem(lang, f"expected {expected}, found {count} with {opening!r}")


def likeness(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Vocabulary and length of the sentences are near those of real news."""
    real = read_reference(settings.reference_figures)
    for lang, texts in corpus.texts_by_language().items():
        if lang not in real:
            yield Problem(lang, "expected figures of real news to compare with, found none")
            continue
        ours, theirs = measure_texts(texts, settings.seed), real[lang]
        difference = ours.type_token_ratio - theirs.type_token_ratio
        if abs(difference) > settings.max_ratio_difference:
            expected = f"{theirs.type_token_ratio:.2f} +- {settings.max_ratio_difference}"
            found = f"{ours.type_token_ratio:.2f}"
            yield Problem(lang, f"type-token ratio: expected {expected}, found {found}")
        factor = ours.words_median / theirs.words_median
        if not 1 / settings.max_length_factor <= factor <= settings.max_length_factor:
            expected = f"within {settings.max_length_factor} times of {theirs.words_median}"
            yield Problem(
                lang, f"median words of a sentence: expected {expected}, found {ours.words_median}"
            )


def readings(corpus: Corpus, settings: CorpusSettings) -> Iterator[Problem]:
    """Every gold row was read twice, and every difference is settled with a reason."""
    yield from check_readings(corpus)


RULES: tuple[Rule, ...] = (
    fields,
    attribution,
    offsets,
    manifest,
    labelled_whole,
    sizes,
    classes,
    contrasts,
    held_out,
    hard_cases,
    copies,
    opening_words,
    likeness,
    readings,
)


def _languages(corpus: Corpus) -> Iterator[tuple[str, list[Record]]]:
    rows = by_language(corpus.gold)
    for lang in LANGUAGES:
        yield lang, rows.get(lang, [])
