from dataclasses import replace

import pytest

from labels.annotator.settings import LimitField
from labels.pipeline.errors import ConfigError


@pytest.fixture
def compose(composer, overrides):
    return lambda *more: composer.settings("annotate_sentences", *overrides(), *more)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("endpoint.base_url=127.0.0.1:8000", "base_url: expected http://HOST/v1"),
        ("endpoint.base_url=http://u:secret@host/v1", "without user, password or query"),
        ("endpoint.base_url=http://host/v1?key=secret", "without user, password or query"),
        ("endpoint.api_key_variable=sk-abc", "expected the name of an environment variable"),
        ("endpoint.price_input=null", "price_input, price_output: expected both or neither"),
        ("endpoint.extra=[1]", "extra: expected a mapping"),
        ("endpoint.temperature=3", r"temperature: expected \[0, 2\]"),
        ("prompt.guidelines=none.md", "guidelines: no file none.md"),
        ("prompt.example_gold=none.jsonl", "example_gold: no file none.jsonl"),
        ("prompt.example_gold=[]", "expected a gold file, or examples=0"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_is_asked(compose, change, message):
    with pytest.raises(ConfigError, match=message) as caught:
        compose(change)
    assert "secret" not in str(caught.value)


def test_without_examples_no_gold_is_needed(compose):
    assert compose("prompt.examples=0", "prompt.example_gold=none.jsonl").prompt.examples == 0


def test_a_model_and_a_labeller_have_a_name(compose):
    found = compose()
    with pytest.raises(ConfigError, match="model: expected its name at the endpoint"):
        replace(found.endpoint, model=" ")
    with pytest.raises(ConfigError, match="labeller: expected a name"):
        replace(found, labeller=" ")


def test_names_of_models_may_hold_any_character(compose):
    found = compose("endpoint.model=org/model-8b:q4,v2 [x]")
    assert found.endpoint.model == "org/model-8b:q4,v2 [x]"
    assert found.labeller == "model:org/model-8b:q4,v2 [x]"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("vllm", "http://127.0.0.1:8000/v1"),
        ("ollama", "http://127.0.0.1:11434/v1"),
        ("llama_cpp", "http://127.0.0.1:8080/v1"),
        ("hosted", "https://api.openai.com/v1"),
    ],
)
def test_every_kind_of_endpoint_can_be_chosen(composer, name, url):
    given = [f"endpoint={name}", "endpoint.model=m"]
    found = composer.settings("annotate_sentences", *given).endpoint
    assert found.base_url == url
    is_hosted = name == "hosted"
    assert found.api_key_variable == ("OPENAI_API_KEY" if is_hosted else None)
    assert found.limit_field is (
        LimitField.max_completion_tokens if is_hosted else LimitField.max_tokens
    )
