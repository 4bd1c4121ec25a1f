import subprocess
import sys

from training.export.artifact import pad


def test_rows_are_filled_up_to_the_longest_and_masked():
    ids, mask = pad([[0, 7, 2], [0, 2]], pad_id=1)
    assert ids.tolist() == [[0, 7, 2], [0, 2, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


def test_what_exports_hold_is_known_without_torch():
    code = "import sys, training.export.artifact; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
