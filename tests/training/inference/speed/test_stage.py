import json

import pytest

from labels.pipeline.errors import ConfigError, DataError

NEWS = [
    "Moscow was praised for the treaty. The envoys left. The OIC welcomed the ceasefire in Gaza.",
    "Rain fell on the harbour all night. Nobody went out. Boats were late, the mayor said.",
    "Russia rejected the plan. The talks in Cairo go on for a second week.",
]
QUICK = ("rounds=2", "seconds=0.02", "stock_batches=[2]", "threads=1")


@pytest.fixture(scope="module")
def places(tmp_path_factory, tiny_export):
    """Name the files of a run as overrides, with a tiny export and three articles."""
    root = tmp_path_factory.mktemp("speed")
    rows = [json.dumps({"id": i, "lang": "en", "text": text}) for i, text in enumerate(NEWS)]
    (root / "news.jsonl").write_text("\n".join([*rows, "broken"]), encoding="utf-8")
    given = {"model": tiny_export[1], "model_folder": tiny_export[0], "input": root / "news.jsonl"}
    given |= {"output": root / "out" / "speed.json", "page": root / "page.md"}
    return root, [f"{key}={value}" for key, value in given.items()]


@pytest.mark.slow
def test_every_way_is_measured_compared_and_written(places, tiny_export, composer, capsys):
    root, overrides = places
    composer.run("benchmark_speed", *QUICK, *overrides)
    speed = json.loads((root / "out" / "speed.json").read_text(encoding="utf-8"))
    variants = json.loads((tiny_export[1] / "export.json").read_text(encoding="utf-8"))["variants"]
    ways = {way["name"]: way for way in speed["ways"]}
    *ours, default, best = ways
    assert ours[:-1] == ["fp32", *variants]
    assert ours[-1] in ("torch fp32", "torch bf16")
    assert default == "stock, batch 1 (default)"
    assert best in ("stock, batch 1 (best)", "stock, batch 2 (best)")
    for way in ways.values():
        # whole passes over the sample in each of two rounds
        assert way["labelled"] % way["sample"] == 0
        assert way["labelled"] >= 2 * way["sample"]
        assert way["sample"] <= 8  # sentences that there are
        found = way["sentences_per_second"]
        assert 0 < found["low"] <= found["median"] <= found["high"]
        other = ways[default]["sentences_per_second"]["median"]
        assert way["beside_default"]["median"] == pytest.approx(found["median"] / other)
    peaks = {peak["format"]: peak["gigaops_per_second"]["median"] for peak in speed["peaks"]}
    assert set(peaks) == {"fp32", "bf16", "int8"}
    for name in ours:
        way = ways[name]
        done = way["sentences_per_second"]["median"] * way["gigaops_per_sentence"]
        assert way["share_of_peak"]["median"] == pytest.approx(done / peaks[way["format"]])
        assert way["alone"] >= 2
        assert way["megabytes"] > 0
    assert ways[default]["share_of_peak"] is None
    assert [step["name"] for step in speed["steps"]][-2:] == ["score", "write"]
    assert speed["stock_tried"].keys() == {"1", "2"}
    page = (root / "page.md").read_text(encoding="utf-8")
    assert "| fp32 | " in page
    assert "![Sentences a second](page.svg)" in page
    assert b"<!-- fp32 -->" in (root / "page.svg").read_bytes()
    told = capsys.readouterr()
    assert "times the rate of the stock pipeline" in told.out.replace("\n", " ")
    assert "4 inputs; 8 of their sentences" in told.err


def test_without_the_main_job_s_export_or_model_one_is_told_to_run_it(places, composer, tmp_path):
    overrides = places[1]
    with pytest.raises(ConfigError, match="run `make run`, or export_model, first"):
        composer.run("benchmark_speed", *overrides, f"model={tmp_path / 'none'}")
    with pytest.raises(ConfigError, match=r"leave the trained model out: model_folder=null"):
        composer.run("benchmark_speed", *overrides, f"model_folder={tmp_path}")


def test_an_input_without_sentences_is_an_error_before_anything_is_measured(
    places, composer, tmp_path
):
    (tmp_path / "empty.txt").touch()
    with pytest.raises(DataError, match="expected sentences to label, found none in 1 inputs"):
        composer.run("benchmark_speed", *places[1], f"input={tmp_path / 'empty.txt'}")
