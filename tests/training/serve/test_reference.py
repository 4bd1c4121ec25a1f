import pytest

pytest.importorskip("pydantic", reason="needs the extra service")

from jsonschema import Draft202012Validator

from training.contract.schema import record_schema
from training.serve.reference import EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_answered_as_the_document_says(client, name):
    response = client.post("/v1/predict", json=EXAMPLES[name]["value"])
    assert response.status_code == 200
    assert response.json()["records"]
    schema = answer_schema(client)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(response.json())


def answer_schema(client):
    """Read what the document says of an answer, as a client does."""
    predict = client.get("/openapi.json").json()["paths"]["/v1/predict"]["post"]
    return predict["responses"]["200"]["content"]["application/json"]["schema"]


def test_a_record_of_the_document_is_that_of_the_export(client, tiny_model):
    record = answer_schema(client)["properties"]["records"]["items"]
    own = record_schema(tiny_model.description)
    assert record == {name: value for name, value in own.items() if not name.startswith("$")}


def test_every_route_says_what_it_takes_and_gives(client):
    paths = client.get("/openapi.json").json()["paths"]
    expected = {"/v1/predict", "/v1/explain", "/v1/targets", "/health", "/metrics"}
    assert set(paths) == expected
    explain = paths["/v1/explain"]["post"]["requestBody"]["content"]["application/json"]
    assert explain["schema"]["properties"]["target"]["enum"] == ["russia", "oic", "gaza_ceasefire"]
    found = client.post("/v1/explain", json=explain["examples"]["sentence"]["value"])
    answers = paths["/v1/explain"]["post"]["responses"]["200"]["content"]["application/json"]
    Draft202012Validator(answers["schema"]).validate(found.json())
    predict = paths["/v1/predict"]["post"]
    assert set(predict["responses"]) > {"200", "400", "413", "422", "429", "503", "504"}
    content = predict["requestBody"]["content"]["application/json"]
    assert set(content["schema"]["properties"]) > {"sentences", "articles", "abstain_risk"}
    assert content["examples"] == EXAMPLES
    assert content["schema"]["properties"]["sentences"]["maxItems"] == 20
    article = content["schema"]["properties"]["articles"]["items"]
    assert article["properties"]["text"]["anyOf"][0]["maxLength"] == 5000
    assert set(article["properties"]) > {"text", "title", "id", "lang", "source", "url"}
