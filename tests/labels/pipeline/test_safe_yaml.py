import pytest
import yaml

from labels.pipeline.safe_yaml import load_yaml


def test_plain_values_are_read():
    assert load_yaml("a: [1, two, null]\nи: й") == {"a": [1, "two", None], "и": "й"}


@pytest.mark.parametrize("text", ["!!python/object/apply:os.getcwd []", "a: [", "a: b: c"])
def test_code_and_broken_documents_are_refused(text):
    with pytest.raises(yaml.YAMLError):
        load_yaml(text)
