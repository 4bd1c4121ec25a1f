import pytest

from labels.pipeline.errors import ConfigError
from training.export.artifact import Variant
from training.inference.speed.exported import Exported


def test_every_sentence_that_has_all_answers_counts(tiny_export):
    exported = Exported(tiny_export[1], 1, Variant.fp32)
    assert exported.label(["Rain.", "Moscow rejected the truce.", "Россия против."]) == 3
    assert exported.label(["Rain.", " ", "Rain."]) == 2  # what has no text is a reject
    assert exported.label([]) == 0


@pytest.mark.parametrize("variant", Variant)
def test_only_the_files_of_the_variant_count(tiny_export, variant):
    folder = tiny_export[1]
    graphs = {"fp32": ["model.onnx", "model.onnx.data", "tokenizer.json"]}
    graphs |= {"int8": ["model.int8.onnx", "tokenizer.json"]}
    graphs |= {"small": ["model.small.onnx", "tokenizer.small.json"]}
    names = [*graphs[variant], "export.json"]
    expected = sum(len((folder / name).read_bytes()) for name in names) / 1_000_000
    assert Exported(folder, 1, variant).megabytes() == pytest.approx(expected)


def test_a_model_folder_is_no_export(tiny_export):
    with pytest.raises(ConfigError, match="found a model folder; export it first"):
        Exported(tiny_export[0], 1, Variant.fp32)
