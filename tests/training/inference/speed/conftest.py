"""Figures of a run that can be checked by eye."""

import pytest


def spread(value):
    return {"median": value, "low": value / 2, "high": value * 2}


@pytest.fixture
def speed():
    known = {
        "labelled": 1500,
        "sample": 300,
        "tokens": 41.25,
        "sentences_per_second": spread(36.0),
        "beside_default": spread(12.0),
        "beside_best": spread(6.0),
        "gigaops_per_sentence": 1.25,
        "format": "fp32",
        "share_of_peak": spread(0.5),
        "alone": 120,
        "p50_milliseconds": 40.04,
        "p99_milliseconds": 90.0,
        "peak_mib": 1234.4,
        "megabytes": 65.04,
    }
    unknown = ("gigaops_per_sentence", "format", "share_of_peak", "p50_milliseconds")
    unknown += ("p99_milliseconds", "peak_mib", "megabytes")
    steps = [("read", 200.0, None), ("score", 50.0, 155.5)]
    return {
        "machine": {
            "processor": "2 cores of X",
            "instructions": ["avx2", "fma"],
            "threads": 2,
            "versions": {"torch": "2.1"},
        },
        "export_hash": "abc",
        "input": "news",
        "unit": "article",
        "seed": 13,
        "rounds": 3,
        "seconds": 2.5,
        "stock_tried": {"4": 4.5, "8": 6.0},
        "ways": [
            {"name": "fp32"} | known,
            {"name": "stock, batch 8 (best)"} | known | {"alone": 0} | dict.fromkeys(unknown),
        ],
        "peaks": [
            {"format": "fp32", "by": "torch.mm", "size": 1024, "gigaops_per_second": spread(80.0)}
        ],
        "steps": [
            {
                "name": name,
                "articles": 10,
                "sentences": None,
                "seconds": 1.0,
                "articles_per_second": articles,
                "sentences_per_second": sentences,
            }
            for name, articles, sentences in steps
        ],
    }
