from array import array

from labels.ingest.dates import SlashOrder
from labels.ingest.drafts import Begun, Origin, read_part, write_part
from labels.ingest.piece_counts import Pieces
from labels.ingest.prepare import Draft
from labels.ingest.read.record import Note, RawRecord
from labels.pipeline.schema import Field, rejected


def test_a_part_comes_back_as_it_was_written(tmp_path):
    record = RawRecord(
        article_id="a",
        where="in.jsonl:1",
        title=None,
        text="غزة \ud83d half",  # half a pair of surrogates, as a broken input has it
        input_id=7,
        captions=frozenset({"two", "one"}),
        times=frozenset({"10:00"}),
        notes=(Note("unread_field", "isi"),),
        is_file=True,
    )
    pieces = Pieces("Senja", "ar", array("Q", [2**64 - 1]), *(array("I", [n]) for n in (0, 3, 0)))
    part = [
        Begun(
            Draft(record=record, lang="ar", is_repaired=True, field=Field.title),
            Origin("in.jsonl", SlashOrder.day_first),
            record.notes,
            pieces,
        ),
        Begun(rejected("page.html", "no_text", "empty"), None),
        Begun(rejected("in.jsonl:2", "no_text", "empty"), Origin("in.jsonl", None), record.notes),
    ]
    write_part(tmp_path / "part.json", part)
    assert read_part(tmp_path / "part.json") == part
