import subprocess
import sys

from training.data.marks import Mark
from training.export.artifact import INPUTS, inputs_of


def test_rows_are_filled_up_to_the_longest_and_masked():
    inputs = inputs_of([[0, 7, 2], [0, 2]], [[Mark(1, 0)], []], pad_id=1, n_targets=2)
    assert tuple(inputs) == INPUTS
    assert inputs["input_ids"].tolist() == [[0, 7, 2], [0, 2, 1]]
    assert inputs["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]
    nowhere = [False, False]
    assert inputs["mentions"].tolist() == [[nowhere, [True, False], nowhere], [nowhere] * 3]


def test_what_exports_hold_is_known_without_torch():
    code = "import sys, training.export.artifact; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
