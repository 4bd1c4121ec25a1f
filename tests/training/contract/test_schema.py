import json

import pytest
from jsonschema import Draft202012Validator

from labels.ingest import RawRecord
from labels.pipeline.schema import Unit
from training.contract.records import RECORD_VERSION, Record, RewrittenText
from training.contract.schema import record_schema, schema_of
from training.inference import StanceModel
from training.inference.labelling import label
from training.inference.memory import Memory
from training.inference.reading import Reader

SENTENCE = {
    "id": 7,
    "sentence_id": "7#0",
    "kind": "body",
    "field": "text",
    "start": 0,
    "end": 15,
    "text": "Moscow left it.",
    "lang": "en",
}
SPAN = {"start": 0, "end": 6, "text": "Moscow"}


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


@pytest.fixture(scope="module")
def validator(model):
    schema = record_schema(model.description)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def records(model):
    """Label what makes records of every kind, and name them."""

    def read(unit, abstain_risk=None, **values):
        raw = {"article_id": "a", "where": "x", "title": None, "lang": "en"} | values
        reading = Reader.of(model.description, unit).read(RawRecord(**raw))
        (labelled,) = label(Memory(model, 2048, abstain_risk), [reading])
        return labelled.records

    news = "The talks went on until late in the evening. Moscow hailed the truce in Gaza."
    posts = f"Live talks.\n\n10:20\n\n{news}\n\n10:35\n\n{news} Rain fell on the square."
    return {
        "sentence": read(Unit.sentence, text="Moscow hailed the truce."),
        "long": read(Unit.sentence, text="The rain fell on Moscow " * 40),
        "unsure": read(Unit.sentence, 0.1, text="Moscow hailed the truce."),
        "article": read(
            Unit.article,
            text=news,
            title="Talks",
            source="Gazette",
            url="https://gazette.example/1",
            published="2024-03-01",
            input_id=7,
        ),
        "posts": read(Unit.article, text=posts, title="Live", times=("10:20", "10:35")),
    }


def test_every_kind_of_record_is_as_the_schema_says(records, validator):
    assert {record["kind"] for record in records["article"]} == {"title", "body"}
    assert records["article"][0]["id"] == 7
    assert "10:20" in {record.get("posted") for record in records["posts"]}
    assert records["long"][0]["parts"] > 1
    assert "abstained" in records["unsure"][0]["sentiment"]
    for record in (record for kind in records.values() for record in kind):
        assert "holder" in json.dumps(record["stance"])
        validator.validate(json.loads(json.dumps(record)))


@pytest.fixture(scope="module")
def make(model):
    """Make a record that is as it should be, but for some changes of its answers."""
    stances, tones = (model.description["schemes"][name] for name in ("stance", "sentiment"))

    def answer(classes, label, **fields):
        return {"label": label, "probabilities": dict.fromkeys(classes, 0.25)} | fields

    def make(target=None, **fields):
        favor = answer(stances, "favor", voice="event", holder=SPAN) | (target or {})
        others = dict.fromkeys(("oic", "gaza_ceasefire"), answer(stances, "unrelated"))
        labels = {"stance": {"russia": favor} | others, "sentiment": answer(tones, "neutral")}
        return SENTENCE | labels | fields

    return make


def test_a_record_made_by_hand_is_one(make, validator):
    validator.validate(make())
    validator.validate(make({"holder": {"author": True}, "abstained": False}, parts=2, id="x"))


@pytest.mark.parametrize(
    "fields",
    [
        {"lang": None},
        {"kind": "headline"},
        {"field": "body"},
        {"start": -1},
        {"parts": 1},
        {"id": 1.5},
        {"truncated": True},
        {"title": None},
        {"stance": {}},
        {"sentiment": {"label": "favor", "probabilities": {}}},
    ],
)
def test_a_field_of_another_kind_is_found(make, validator, fields):
    assert not validator.is_valid(make(**fields))


@pytest.mark.parametrize(
    "target",
    [
        {"label": "support"},
        {"label": "unrelated"},  # has neither holder nor voice
        {"voice": "quoted"},
        {"holder": {"author": False}},
        {"holder": SPAN | {"author": True}},
        {"holder": {"start": 0, "end": 6}},
        {"holder": {}},
        {"abstained": "no"},
        {"probabilities": {"favor": 1.0}},
        {"probabilities": {"favor": 1.5, "against": 0, "neutral": 0, "unrelated": 0}},
    ],
)
def test_an_answer_of_another_kind_is_found(make, validator, target):
    assert not validator.is_valid(make(target))


@pytest.mark.parametrize("name", ["holder", "voice"])
def test_a_position_has_a_holder_and_a_voice(make, validator, name):
    record = make()
    del record["stance"]["russia"][name]
    assert not validator.is_valid(record)


def test_a_target_that_the_export_does_not_know_is_found(make, validator):
    record = make()
    record["stance"]["nato"] = record["stance"]["oic"]
    assert not validator.is_valid(record)


def test_a_new_field_needs_a_new_version():
    """Whoever changes the names here raises the version, by which readers know the record."""
    assert RECORD_VERSION == 1
    assert set(Record.__annotations__) == {
        *SENTENCE,
        *("posted", "title", "source", "url", "published", "stance", "sentiment", "parts"),
    }


def test_the_schema_names_its_draft_and_version(model):
    schema = record_schema(model.description)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == "urn:sikap:record:1"


def test_the_export_holds_the_schema(tiny_export, model):
    written = json.loads((tiny_export[1] / "record.schema.json").read_text(encoding="utf-8"))
    assert written == record_schema(model.description)


def test_what_may_be_left_out_is_not_required():
    schema = schema_of(Record)
    assert {"id", "text", "stance", "sentiment"} <= set(schema["required"])
    assert {"title", "parts"} <= set(schema["properties"]) - set(schema["required"])
    assert schema["properties"]["id"] == {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    answer = schema["properties"]["stance"]["additionalProperties"]
    assert answer["required"] == ["label", "probabilities"]
    title = schema_of(RewrittenText)["properties"]["title"]
    assert title == {"anyOf": [{"type": "string"}, {"type": "null"}]}
