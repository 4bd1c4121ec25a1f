import json

import pytest

from tests.training.serve.conftest import error_of, post


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (400, "broken_json", "Expecting value at line 1 column 1")),
        (b'{"sentences": ["a"', (400, "broken_json", "at line 1 column 19")),
        (b'{"sentences": ["\xff"]}', (400, "broken_utf8", "0xff at byte 16")),
        (b'{"abstain_risk": NaN}', (400, "broken_json", "NaN")),
        (b"[" * 100_000, (400, "broken_json", "endless nesting")),
        (b'{"sentences": ["a"], "x": ' + b"9" * 5000 + b"}", (400, "broken_json", "digits")),
        (b"[1]", (422, "wrong_value", "body: expected an object, found an array of 1")),
        (b"{}", (422, "wrong_value", "expected at least one entry")),
        (b'{"sentences": []}', (422, "wrong_value", "expected at least one entry")),
        (b'{"sentences": "a"}', (422, "wrong_value", "sentences: expected a valid list, found a")),
        (b'{"sentences": ["a", 7]}', (422, "wrong_value", "sentences[1]: expected a valid string")),
        (
            b'{"articles": [{"text": "a", "titel": "b"}]}',
            (422, "wrong_value", "articles[0].titel: expected one of text, title, id"),
        ),
        (
            b'{"articles": [{"text": "a", "id": 1.5}]}',
            (422, "wrong_value", "articles[0].id: expected a valid string or a valid integer"),
        ),
        (b'{"sentences": ["a"], "abstain_risk": 1}', (422, "wrong_value", "less than 1")),
        (
            b'{"sentences": ["a"], "abstain_risk": true}',
            (422, "wrong_value", "abstain_risk: expected a valid number, found true"),
        ),
        (
            b'{"sentences": ["a"], "source": "\\ud800"}',
            (422, "wrong_value", "half of a surrogate pair"),
        ),
        (b'{"sentences": ["a"], "\\ud800": 1}', (422, "wrong_value", "ud800")),
        (
            b'{"articles": [{"text": "a", "id": "\\ud800"}]}',
            (422, "wrong_value", "articles[0].id: expected a string without half of a surrogate"),
        ),
        (
            json.dumps({"sentences": ["a"] * 21}).encode(),
            (413, "too_large", "body: expected at most 20 items, found 21"),
        ),
        (
            json.dumps({"articles": [{"text": "a" * 5001}]}).encode(),
            (413, "too_large", "articles[0].text: expected at most 5,000 characters, found 5,001"),
        ),
        (
            json.dumps({"sentences": ["a" * 300_000]}).encode(),
            (413, "too_large", "body: expected at most 200,000 bytes"),
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_request_is_told_what_is_wrong(client, content, expected):
    status, code, message = error_of(post(client, content))
    assert (status, code) == expected[:2]
    assert expected[2] in message
    assert len(message) < 1000


def test_many_mistakes_are_counted_and_the_first_are_named(client):
    status, _, message = error_of(client.post("/v1/predict", json={"sentences": [7] * 15}))
    assert status == 422
    assert "sentences[9]" in message
    assert "sentences[10]" not in message
    assert message.endswith("and 5 more")


def test_a_whole_number_is_an_integer_however_it_is_written(client):
    content = b'{"articles": [{"id": 3.0, "text": "Rain fell."}]}'
    assert post(client, content).status_code == 200
    _, _, message = error_of(post(client, content.replace(b"3.0", b"3.5")))
    assert message.endswith("expected a valid string or a valid integer, found the number 3.5")
