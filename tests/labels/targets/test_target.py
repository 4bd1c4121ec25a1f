import json

from labels.pipeline.settings import to_json
from labels.targets import Matcher, find_mentions, targets_of
from labels.targets.read import load_targets
from tests.labels.targets.test_read import FOLDER


def test_a_target_comes_back_from_the_json_that_a_model_carries(tmp_path):
    targets = load_targets(FOLDER, ["oic", "gaza_ceasefire"])
    assert targets_of(json.loads(json.dumps([to_json(target) for target in targets]))) == targets


def test_a_definition_of_key_and_description_alone_is_a_target_that_is_named_nowhere():
    (target,) = targets_of([{"key": "nato", "description": "The alliance."}])
    assert (target.key, target.name, target.description) == ("nato", "nato", "The alliance.")
    assert find_mentions("NATO met nato.", Matcher([target])) == []
