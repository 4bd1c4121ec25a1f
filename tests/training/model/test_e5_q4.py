import numpy as np
import pytest

from labels.pipeline.errors import DataError
from tests.training.model.conftest import PIECES, SCORES
from training.model.e5_q4 import read_e5_q4


def test_weights_are_read_to_the_last_nibble(installed, tmp_path):
    _, matrices = installed
    source = read_e5_q4(tmp_path / "site" / "tinyweights" / "weights.bin")
    assert (source.pieces, source.scores) == (PIECES, SCORES)
    assert (source.bos, source.eos, source.pad, source.unk) == (0, 2, 1, 3)
    for name, expected in matrices.items():
        np.testing.assert_array_equal(source.tensors[name], expected.ravel())


def test_a_file_of_another_kind_is_an_error(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"GGUF....")
    with pytest.raises(DataError, match=r"weights\.bin: expected a file that begins with b'E5S1'"):
        read_e5_q4(path)
