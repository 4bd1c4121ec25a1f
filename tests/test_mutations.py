"""Damaged inputs of every kind become articles or rejects, and no offset is wrong."""

import gzip
import random
from pathlib import Path

import pytest

from labels.ingest.clean.boilerplate import Boilerplate, Piece
from labels.ingest.piece_counts import pieces_of
from labels.ingest.prepare import Source, ingest, prepare
from labels.ingest.read.readers import PageFile, read_inputs, read_page
from labels.ingest.read.record import RawRecord
from labels.pipeline.schema import Reject, Unit
from labels.segment import segment

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "articles"
FEW, MANY = 60, 40_000
RECORDS, PAGES = 0.7, 0.1  # shares; the rest are files

# What is found in broken text: controls, marks of direction and of nothing, other line ends,
# halves of pairs, letters of other scripts and styles, digits, quotes, brackets, tags, entities.
SCRAPS = [
    *"\x00\x07\x0b\x0c\x1b\x85\xa0\xad\u200b\u200d\u200e\u202b\u2028\u2029\u2066\ufeff\ufffd",
    *"\n\r\t \"'«»“”()[]{}<>&;,:.!?…؟،۔|/\\*_#@~`^=+-–—•٣٤5Ωßي中ｆ𝗥👍🇮🇩é",
    *("\r\n", "\n\n", "...", "e\u0301", "ـــ", "<p>", "</div>", "&nbsp;", "&#x1F600;", "<!--"),
    *("https://t.me/", "](", "Baca juga: ", "Advertisement", "Читайте также", "اقرأ أيضا", "©"),
    *('"text": ', '"},{"', "\\u", "NaN", "null", " " * 300, "a" * 400, "\u0300" * 40, "«" * 50),
]


def seeds(*suffixes):
    """Give the sample's files of some kinds: small ones, so that a run is fast."""
    files = sorted(path for path in SAMPLE.rglob("*") if path.suffix in suffixes)
    return [path for path in files if path.stat().st_size < 40_000]


def mutate(text, rng):
    """Damage a text or bytes in up to six places."""
    for _ in range(rng.randint(1, 6)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + int(rng.paretovariate(0.6)))
        piece = text[start:end]
        kind = rng.randrange(6)
        if kind == 0:
            piece = text[:0]
        elif kind == 1:
            piece = piece * rng.randint(2, 4)
        elif kind == 2:
            scrap = "".join(rng.choices(SCRAPS, k=rng.randint(1, 4)))
            scrap = scrap.encode("utf-8", "surrogatepass") if isinstance(text, bytes) else scrap
            piece = piece[:0] + scrap + piece
        elif kind == 3:
            piece = piece.swapcase()
        elif kind == 4:
            piece = piece[::-1]
        else:
            end = len(text) if rng.random() < 0.2 else end  # cut off
            piece = text[:0]
        text = (text[:start] + piece + text[end:])[:60_000]
    return text


def misread(text, rng):
    """Read a text with a wrong code page, as a careless program does."""
    written, read = rng.choice(["utf-8 cp1252", "utf-8 cp1251", "cp1251 latin-1"]).split()
    return text.encode(written, "replace").decode(read, "replace")


class Damage:
    """Makes damaged inputs of the sample's."""

    def __init__(self, folder):
        self.folder = folder
        texts = seeds(".txt", ".jsonl", ".csv")
        self.records = [found for found in read_inputs(texts[::3]) if isinstance(found, RawRecord)]
        self.pages = [path.read_bytes() for path in seeds(".html")]
        self.files = [(path.suffix, path.read_bytes()) for path in texts]

    def items(self, number):
        """Make the damaged input of a number: what is read of it."""
        rng = random.Random(f"damage {number}")
        share = rng.random()
        if share < RECORDS:
            yield self.record(rng)
        elif share < RECORDS + PAGES:
            page = PageFile(data=mutate(rng.choice(self.pages), rng), where="p.html", name="p")
            yield read_page(page)
        else:
            yield from self.file(rng)

    def record(self, rng):
        record = rng.choice(self.records)
        text = mutate(record.text, rng)
        if rng.random() < 0.03:
            text = misread(text, rng)
        return RawRecord(
            article_id="x",
            where="x:1",
            title=rng.choice([None, record.title and mutate(record.title, rng), text[:90]]),
            text=text,
            lang=rng.choice([None, record.lang]),
            published=rng.choice([None, text[:20], record.published]),
            source=rng.choice([None, "Senja"]),
            url=rng.choice([None, record.url, text[:30]]),
            captions=frozenset(text.splitlines()[1:2]),
            times=frozenset(text.splitlines()[2:3]),
            is_file=rng.random() < 0.3,
        )

    def file(self, rng):
        suffix, data = rng.choice(self.files)
        data = mutate(data, rng)
        if rng.random() < 0.05:
            suffix, data = f"{suffix}.gz", mutate(gzip.compress(data, mtime=0), rng)
        if rng.random() < 0.1:
            suffix = rng.choice([".json", ".tsv", ".xml", ".html", ".parquet", ".txt"])
        path = self.folder / f"f{suffix}"
        path.write_bytes(data)
        for item in read_inputs([path]):
            yield read_page(item) if isinstance(item, PageFile) else item
        path.unlink()


def check_spans(spans, length):
    """Hold that spans are in order, inside the text, and apart."""
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= length
        position = span.end


def check_sentences(article, unit):
    for sentence in segment(article, unit):
        field = getattr(article, sentence.field)
        assert sentence.text
        assert field[sentence.start : sentence.end] == sentence.text


def check(record, source, unit):
    prepared = prepare(record, unit, source)
    if not isinstance(prepared, Reject):
        article = prepared.article
        assert article.text == record.text
        check_spans(article.blocks, len(record.text))
        kept = [*article.blocks, *prepared.removed]
        check_spans(sorted(kept, key=lambda span: span.start), len(record.text))
        check_sentences(article, unit)
    stored = ingest(record, unit, source)
    if not isinstance(stored, Reject):
        article = stored.article
        check_spans(article.blocks, len(article.text))
        if unit is Unit.article:
            lines = [article.text[block.start : block.end] for block in article.blocks]
            assert "\n".join(lines) == article.text
        else:
            assert article.text == record.text
        check_sentences(article, unit)
        pieces = pieces_of(record.text, article.lang, "Senja", record.title)
        assert all(end <= len(record.text) for end in pieces.ends)


@pytest.mark.parametrize("n", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_damaged_inputs_raise_nothing_and_no_offset_is_wrong(n, tmp_path, request):
    if n == MANY and "slow" not in request.config.option.markexpr:
        pytest.skip("takes minutes; pytest -m slow")
    damage = Damage(tmp_path)
    known = Boilerplate({"Senja": [Piece(text="Advertisement", articles=9, share=1.0)]})
    source = Source(boilerplate=known)
    counts = {"articles": 0, "rejects": 0}
    for number in range(n):
        for item in damage.items(number):
            if isinstance(item, Reject):
                counts["rejects"] += 1
                continue
            counts["articles"] += 1
            try:
                check(item, source, Unit.sentence if number % 20 == 0 else Unit.article)
            except Exception as error:
                raise AssertionError(f"input {number}: {item!r}") from error
    assert counts["articles"] > 5 * counts["rejects"] > 0
