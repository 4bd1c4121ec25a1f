"""The OpenAPI document: what a route takes and gives, read off the types that it is made of."""

from collections.abc import Sequence

from training.contract.schema import Schema, record_schema, schema_of
from training.export.artifact import AnyDescription
from training.serve.contract import ExplainRequest, Limits, PredictRequest
from training.serve.service import Answer, Explained

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "The same for all errors of a kind."},
                "message": {"type": "string", "description": "Where, what was expected, found."},
            },
        }
    },
}
_ERRORS = {
    400: "No UTF-8, no JSON, or a Host that is not this service's.",
    401: "The service has a secret, and the request not.",
    408: "The body did not come in time.",
    413: "Too many bytes, items or characters.",
    415: "The body is not declared as application/json.",
    422: "JSON of another kind: unknown fields, wrong types, nothing in it.",
    429: "Too many requests at a time: try again after Retry-After seconds.",
    503: "The service is closing.",
    504: "Not answered in time.",
}
EXAMPLES: dict[str, Schema] = {
    "sentences": {
        "summary": "Sentences, as they are",
        "value": {
            "sentences": [
                "The OIC welcomed the ceasefire in Gaza.",
                "رحبت منظمة التعاون الإسلامي بوقف إطلاق النار في غزة.",
            ]
        },
    },
    "article": {
        "summary": "An article, which is cleaned and split; unsure answers are marked",
        "value": {
            "articles": [
                {
                    "id": 7,
                    "title": "Jeddah summit",
                    "text": "The OIC welcomed the ceasefire in Gaza. Moscow criticised it.",
                    "source": "Gazette",
                }
            ],
            "abstain_risk": 0.1,
        },
    },
}


def errors(*statuses: int) -> dict[int | str, Schema]:
    """Describe some of the errors, as a route declares them."""
    return {
        status: {
            "description": _ERRORS[status],
            "content": {"application/json": {"schema": _ERROR}},
        }
        for status in statuses
    }


def answers(description: str, schema: Schema) -> dict[int | str, Schema]:
    """Describe the answer of a route."""
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


def predict_body(limits: Limits) -> Schema:
    """Describe what `POST /v1/predict` takes, with its limits and examples."""
    schema = PredictRequest.model_json_schema()
    article = schema.pop("$defs")["Article"]
    fields = schema["properties"]
    fields["articles"]["items"] = article
    for text in (fields["sentences"]["items"], article["properties"]["text"]["anyOf"][0]):
        text["maxLength"] = limits.max_characters
    for name in ("sentences", "articles"):
        fields[name]["maxItems"] = limits.max_items  # of both together
    # at least one of them holds something
    schema["anyOf"] = [
        {"required": [name], "properties": {name: {"minItems": 1}}}
        for name in ("sentences", "articles")
    ]
    return _body({"schema": schema, "examples": EXAMPLES})


def explain_body(targets: Sequence[str]) -> Schema:
    """Describe what `POST /v1/explain` takes; ``targets`` are the keys of the export."""
    schema = ExplainRequest.model_json_schema()
    schema["properties"]["target"]["enum"] = list(targets)
    sentence = EXAMPLES["sentences"]["value"]["sentences"][0]
    example = {"summary": "A sentence", "value": {"sentence": sentence, "target": targets[0]}}
    return _body({"schema": schema, "examples": {"sentence": example}})


def _body(content: Schema) -> Schema:
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def predict_answers(description: AnyDescription) -> dict[int | str, Schema]:
    """Describe what `POST /v1/predict` gives: records as the export's own schema has them."""
    schema = schema_of(Answer)
    schema["properties"]["records"]["items"] = {
        name: value
        for name, value in record_schema(description).items()
        if not name.startswith("$")  # says of which document it is
    }
    return answers("A record for each sentence.", schema) | errors(*_ERRORS)


def explain_answers() -> dict[int | str, Schema]:
    """Describe what `POST /v1/explain` gives."""
    return answers("A weight for each word.", schema_of(Explained)) | errors(*_ERRORS)
