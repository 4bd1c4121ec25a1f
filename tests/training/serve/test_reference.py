from typing import Any

import pytest

pytest.importorskip("pydantic", reason="needs the extra service")

from training.inference.records import Record
from training.serve.reference import EXAMPLES, schema_of
from training.serve.service import Answer, Explained


def wrong(value: Any, schema: dict[str, Any], place: str = "$"):
    """List where a value is not as its schema says; a field that it does not name is wrong, too."""
    if "anyOf" in schema:
        return [] if any(not list(wrong(value, one)) for one in schema["anyOf"]) else [place]
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    kinds |= {"array": list, "object": dict, "null": type(None)}
    if not isinstance(value, kinds[schema["type"]]):
        return [place]
    if isinstance(value, list):
        return [bad for one in value for bad in wrong(one, schema["items"], f"{place}[]")]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    missing = [f"{place}.{name}" for name in schema.get("required", ()) if name not in value]
    inside = [
        bad
        for name, one in value.items()
        for bad in (
            wrong(one, known.get(name, schema.get("additionalProperties")), f"{place}.{name}")
            if name in known or "additionalProperties" in schema
            else [f"{place}.{name}"]
        )
    ]
    return missing + inside


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_answered_as_the_document_says(client, name):
    response = client.post("/v1/predict", json=EXAMPLES[name]["value"])
    assert response.status_code == 200
    assert response.json()["records"]
    assert wrong(response.json(), schema_of(Answer)) == []


def test_what_may_be_left_out_is_not_required():
    schema = schema_of(Record)
    assert {"id", "text", "stance", "sentiment"} <= set(schema["required"])
    assert {"title", "parts"} <= set(schema["properties"]) - set(schema["required"])
    assert schema["properties"]["id"] == {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    answer = schema["properties"]["stance"]["additionalProperties"]
    assert answer["required"] == ["label", "probabilities"]


def test_every_route_says_what_it_takes_and_gives(client):
    paths = client.get("/openapi.json").json()["paths"]
    expected = {"/v1/predict", "/v1/explain", "/v1/targets", "/health", "/metrics"}
    assert set(paths) == expected
    explain = paths["/v1/explain"]["post"]["requestBody"]["content"]["application/json"]
    assert explain["schema"]["properties"]["target"]["enum"] == ["russia", "oic", "gaza_ceasefire"]
    found = client.post("/v1/explain", json=explain["examples"]["sentence"]["value"])
    assert wrong(found.json(), schema_of(Explained)) == []
    predict = paths["/v1/predict"]["post"]
    assert set(predict["responses"]) > {"200", "400", "413", "422", "429", "503", "504"}
    content = predict["requestBody"]["content"]["application/json"]
    assert set(content["schema"]["properties"]) > {"sentences", "articles", "abstain_risk"}
    assert content["examples"] == EXAMPLES
    assert content["schema"]["properties"]["sentences"]["maxItems"] == 20
    article = content["schema"]["properties"]["articles"]["items"]
    assert article["properties"]["text"]["anyOf"][0]["maxLength"] == 5000
    assert set(article["properties"]) > {"text", "title", "id", "lang", "source", "url"}
