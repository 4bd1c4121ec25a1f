import pytest
import torch

from labels.pipeline.errors import DataError
from training.inference.speed.trained import Trained


@pytest.fixture
def trained(tiny_export):
    threads = torch.get_num_threads()
    yield Trained(tiny_export[0], 1)
    torch.set_num_threads(threads)


def test_every_sentence_counts_once(trained):
    assert trained.label(["Rain.", "Moscow rejected the truce.", "Россия против."]) == 3
    assert trained.label(["Rain."] * 70) == 70  # more than a batch


def test_it_says_its_number_format_and_size(trained, tiny_export):
    assert trained.format() in ("fp32", "bf16")
    files = [path for path in tiny_export[0].rglob("*") if path.is_file()]
    assert len(files) > 3
    assert trained.megabytes() == pytest.approx(sum(len(p.read_bytes()) for p in files) / 1e6)


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(DataError, match="expected a model folder"):
        Trained(tmp_path, 1)
