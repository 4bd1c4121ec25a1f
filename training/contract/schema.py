"""JSON Schemas (draft 2020-12), read off the types that records are made of."""

from collections.abc import Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from labels.pipeline.schema import SENTIMENT, STANCE, Field, SentenceKind, Stance
from training.contract.records import RECORD_VERSION, Answer, Holder, Record, StanceAnswer
from training.export.artifact import AnyDescription

Schema = dict[str, Any]

RECORD_SCHEMA_FILE = "record.schema.json"  # of an export
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_NAMED = ("holder", "voice")  # where a sentence is about the target, and nowhere else


def schema_of(hint: Any) -> Schema:  # noqa: ANN401 - any type of a record
    """Describe the JSON of a type: plain values, lists, mappings, typed dictionaries, unions."""
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if is_typeddict(hint):
        hints = get_type_hints(hint)
        return {
            "type": "object",
            "required": [name for name in hints if name in hint.__required_keys__],
            "properties": {name: schema_of(inner) for name, inner in hints.items()},
            "additionalProperties": False,
        }
    arguments = get_args(hint)
    if get_origin(hint) is list:
        return {"type": "array", "items": schema_of(arguments[0])}
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    assert get_origin(hint) in (Union, UnionType), hint
    return {"anyOf": [schema_of(inner) for inner in arguments]}


def record_schema(description: AnyDescription) -> Schema:
    """Describe the record of a sentence as an export gives it, and nothing else that may be.

    An export without voices tells nobody's holder or voice.
    """
    targets = [target["key"] for target in description["targets"]]
    schemes = description["schemes"]
    schema = schema_of(Record)
    fields = schema["properties"]
    fields["kind"]["enum"] = [kind.value for kind in SentenceKind]
    fields["field"]["enum"] = [field.value for field in Field]
    fields["start"]["minimum"] = fields["end"]["minimum"] = 0
    fields["parts"]["minimum"] = 2
    fields["stance"] = {
        "type": "object",
        "required": targets,
        "propertyNames": {"enum": targets},
        "additionalProperties": _stance(schemes[STANCE.name], description["voices"]),
    }
    fields["sentiment"] = _answer(schema_of(Answer), schemes[SENTIMENT.name])
    return {
        "$schema": _DRAFT,
        "$id": f"urn:sikap:record:{RECORD_VERSION}",
        "title": f"Record of predict_stance, version {RECORD_VERSION}",
        "description": "A sentence and its labels; offsets count Unicode code points.",
    } | schema


def _answer(schema: Schema, classes: Sequence[str]) -> Schema:
    fields = schema["properties"]
    fields["label"]["enum"] = list(classes)
    fields["probabilities"] = {
        "type": "object",
        "required": list(classes),
        "propertyNames": {"enum": list(classes)},
        "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
    }
    return schema


def _stance(classes: Sequence[str], voices: Sequence[str]) -> Schema:
    schema = _answer(schema_of(StanceAnswer), classes)
    if not voices:
        for name in _NAMED:
            del schema["properties"][name]
        return schema
    schema["properties"]["holder"] = _holder()
    schema["properties"]["voice"]["enum"] = list(voices)
    return schema | {
        "if": {"properties": {"label": {"const": Stance.unrelated.value}}},
        "then": {"properties": dict.fromkeys(_NAMED, False)},
        "else": {"required": list(_NAMED)},
    }


def _holder() -> Schema:
    """Describe a span of the sentence, or its author."""
    fields = schema_of(Holder)["properties"]
    author = {"author": {"const": True}}
    span = {name: field for name, field in fields.items() if name not in author}
    span["start"]["minimum"], span["end"]["minimum"] = 0, 1
    span["text"]["minLength"] = 1
    return {
        "oneOf": [
            {
                "type": "object",
                "required": list(kind),
                "properties": kind,
                "additionalProperties": False,
            }
            for kind in (span, author)
        ]
    }
