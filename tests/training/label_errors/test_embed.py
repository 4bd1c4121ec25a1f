import numpy as np
from rich.console import Console

from training.label_errors.embed import embed
from training.model.settings import Precision


def embedded(texts, settings, cache, batch_size=2):
    return embed(texts, settings, Precision.fp32, batch_size, cache, Console(quiet=True))


def test_a_sentence_is_one_point_whatever_stands_beside_it(tiny_settings, tmp_path):
    texts = ["Moscow hailed the treaty.", "x", "Another sentence, somewhat longer than the first."]
    points = embedded(texts, tiny_settings, tmp_path)
    assert points.shape == (3, 32)
    assert np.allclose(np.linalg.norm(points, axis=1), 1, atol=1e-5)
    alone = embedded(texts[1:2], tiny_settings, tmp_path)
    assert np.allclose(points[1], alone[0], atol=1e-5)


def test_what_was_embedded_is_kept(tiny_settings, tmp_path, monkeypatch):
    first = embedded(["One.", "Two."], tiny_settings, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1

    def refuse(_):
        raise AssertionError("expected the cache")

    monkeypatch.setattr("training.label_errors.embed.load_backbone", refuse)
    assert np.array_equal(embedded(["One.", "Two."], tiny_settings, tmp_path / "cache"), first)
