import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from math import log
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import numpy as np
import pytest
from tokenizers import Tokenizer

import training.inference.model
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from labels.targets import Mention
from training.data.marks import Mark
from training.inference import StanceModel
from training.inference.model import softmax
from training.inference.parts import Frame, Part

ROOT = Path(__file__).parents[3]
SENTENCES = ["Moscow hailed the truce.", "Rain.", "رحبت المنظمة بالهدنة", "Россия против."]


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


def test_every_sentence_gets_a_label_for_each_target_and_a_sentiment(model):
    for record in model(SENTENCES):
        assert list(record["stance"]) == ["russia", "oic", "gaza_ceasefire"]
        for found in [*record["stance"].values(), record["sentiment"]]:
            by_class = found["probabilities"]
            assert sum(by_class.values()) == pytest.approx(1, abs=1e-5)
            assert found["label"] == max(by_class, key=by_class.get)
        assert list(record["stance"]["oic"]["probabilities"]) == [
            "favor",
            "against",
            "neutral",
            "unrelated",
        ]
        assert list(record["sentiment"]["probabilities"]) == ["negative", "neutral", "positive"]


@pytest.mark.parametrize("text", [*SENTENCES, "Ankara " + "word " * 300 + "Россия против мира"])
def test_a_stance_has_a_holder_and_a_voice_where_the_sentence_is_about_the_target(
    model, monkeypatch, text
):
    monkeypatch.setattr(training.inference.model, "best_spans", longest_spans)
    for found in model([text])[0]["stance"].values():
        if found["label"] == "unrelated":
            assert not {"holder", "voice"} & set(found)
            continue
        assert found["voice"] in model.description["voices"]
        holder = found["holder"]
        assert holder["text"] == text[holder["start"] : holder["end"]]
        assert holder["text"] == holder["text"].strip() != ""


def longest_spans(logits, inside):
    """Choose the whole sentence, or part of it, instead of what random weights say."""
    ends = [(row.nonzero()[0][0], row.nonzero()[0][-1]) for row in inside]
    return np.array([[end] * logits.shape[1] for end in ends])


def test_a_holder_that_is_not_named_is_the_author(model, monkeypatch):
    monkeypatch.setattr(
        training.inference.model, "best_spans", lambda logits, _: np.zeros((*logits.shape[:2], 2))
    )
    stances = [found for record in model(SENTENCES) for found in record["stance"].values()]
    holders = [found["holder"] for found in stances if found["label"] != "unrelated"]
    assert holders == [{"author": True}] * len(holders) != []


def probabilities(record):
    return [
        probability
        for found in [*record["stance"].values(), record["sentiment"]]
        for probability in found["probabilities"].values()
    ]


def test_batches_change_nothing_and_the_order_is_kept(model):
    alone = [model([text])[0] for text in SENTENCES]
    for budget in (1, 16, 2048):
        for single, batched in zip(alone, model(SENTENCES, batch_tokens=budget), strict=True):
            assert probabilities(single) == pytest.approx(probabilities(batched), abs=1e-5)
    assert probabilities(alone[0]) != pytest.approx(probabilities(alone[1]), abs=1e-3)


def test_a_batch_holds_no_more_tokens_than_it_may_and_one_sentence_at_least(model, monkeypatch):
    seen = []
    monkeypatch.setattr(
        model, "_score_batch", lambda rows: seen.append([len(row.ids) for row in rows]) or rows
    )
    model._score([Part([0] * n, [], np.zeros((n, 2)), None) for n in (3, 50, 4, 10, 5)], 20)
    assert seen == [[50], [10, 5], [4, 3]]


def test_the_temperature_of_a_language_makes_answers_less_sure_and_not_others(model):
    pooled = model(SENTENCES, langs=["en"] * 4)
    assert pooled == model(SENTENCES)
    for known, other in zip(model(SENTENCES, langs=["ms"] * 4), pooled, strict=True):
        for target, answer in known["stance"].items():
            before = other["stance"][target]
            assert answer["label"] == before["label"]
            ratios = [
                log(answer["probabilities"][name] / answer["probabilities"]["neutral"])
                / log(before["probabilities"][name] / before["probabilities"]["neutral"])
                for name in ("favor", "against", "unrelated")
            ]
            assert ratios == pytest.approx([0.1] * 3, rel=0.05)


def test_an_answer_that_is_not_sure_enough_is_marked_and_kept(model):
    plain, marked = model(SENTENCES), model(SENTENCES, abstain_risk=0.1)
    for before, after in zip(plain, marked, strict=True):
        assert after["sentiment"].pop("abstained") is False  # anything is sure enough
        for answer in after["stance"].values():
            unsure = answer["label"] != "favor" or answer["probabilities"]["favor"] < 0.67
            assert answer.pop("abstained") is unsure
        assert after == before
    strict = model(SENTENCES, abstain_risk=0.05)
    answers = [answer for found in strict for answer in [*found["stance"].values()]]
    assert all(answer["abstained"] for answer in answers)


def test_no_sentence_gives_no_record(model):
    assert model([]) == []


def test_an_empty_sentence_is_scored(model):
    assert len(model([""])) == 1


def test_every_part_of_a_very_long_sentence_is_read(model):
    filler = "word " * 400
    short, first, second = model(["Rain.", filler + "Russia", filler + "мир truce " * 20])
    assert "parts" not in short
    assert min(first["parts"], second["parts"]) > 1
    assert probabilities(first) != pytest.approx(probabilities(second), abs=1e-4)


@pytest.mark.parametrize("prefix", ["query: ", ""])
def test_the_parts_of_a_sentence_keep_its_frame(model, prefix):
    tokenizer = Tokenizer.from_str(model._tokenizer.to_str())
    frame = Frame.of(tokenizer, prefix)
    ids = tokenizer.encode(prefix + "satu dua tiga " * 40).ids
    before = tokenizer.encode(prefix.strip()).ids[:-1]
    marks = [Mark(token, 1) for token in range(len(before), len(ids) - 1, 7)]
    offsets = np.arange(2 * len(ids), dtype=np.int32).reshape(-1, 2)
    row = Part(ids, marks, offsets, "id")
    parts = frame.parts(row, 40)
    assert len(parts) > 2
    for part in parts:
        assert len(part.ids) <= 40
        assert part.ids[: len(before)] == before
        assert part.ids[-1] == ids[-1]
        assert {part.ids[token] for token, _ in part.marks} <= {ids[token] for token, _ in marks}
        assert [ids[start // 2] for start, _ in part.offsets.tolist()] == part.ids
    assert sum(len(part.marks) for part in parts) >= len(marks)  # parts overlap
    assert frame.parts(row, len(ids)) == [row]


def test_the_mark_of_a_token_stays_on_it_in_every_part():
    ids = [0, *range(10, 110), 2]
    marks = [Mark(token, 0) for token in (1, 50, 100)]
    row = Part(ids, marks, np.zeros((len(ids), 2), np.int32), None)
    for part in Frame(n_before=1, n_after=1).parts(row, 60):
        named = [part.ids[token] for token, _ in part.marks]
        assert named == [ids[token] for token, _ in marks if ids[token] in part.ids]
        assert named


def test_where_a_target_is_named_is_read(model):
    alone, elsewhere, nowhere = (
        probabilities(model(["Moscow hailed the truce."], mentions=[mentions])[0])
        for mentions in ([Mention("russia", 0, 6)], [Mention("russia", 18, 23)], [])
    )
    assert alone != pytest.approx(nowhere, abs=1e-3)
    assert alone != pytest.approx(elsewhere, abs=1e-3)


def test_without_mentions_the_names_in_the_export_are_looked_for(export):
    path = export / "export.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["targets"][0]["aliases"] = {"en": ["Moscow"]}
    path.write_text(json.dumps(description), encoding="utf-8")
    named = StanceModel(export, threads=1)
    text = "Moscow hailed the truce."
    (found,) = named([text])
    (given,) = named([text], mentions=[[Mention("russia", 0, 6)]])
    (nowhere,) = named([text], mentions=[[]])
    assert probabilities(found) == pytest.approx(probabilities(given), abs=1e-6)
    assert probabilities(found) != pytest.approx(probabilities(nowhere), abs=1e-3)


def test_a_mention_of_a_target_that_the_model_does_not_know_counts_for_nothing(model):
    (found,) = model(["Rain."], mentions=[[Mention("nato", 0, 4)]])
    (nowhere,) = model(["Rain."], mentions=[[]])
    assert found == nowhere


def test_softmax_by_hand():
    # e^0 : e^ln3 = 1 : 3, however large both are
    found = softmax(np.array([[1000.0, 1000.0 + log(3)]], np.float32))
    assert found[0].tolist() == pytest.approx([0.25, 0.75], abs=1e-4)


@pytest.fixture
def export(tiny_export, tmp_path):
    """Copy the export, to be spoilt."""
    return shutil.copytree(tiny_export[1], tmp_path / "export")


FILES = ["model.onnx", "model.onnx.data", "tokenizer.json"]


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_named_with_both_hashes(tiny_export, export, name):
    content = bytearray((export / name).read_bytes())
    content[len(content) // 2] ^= 1
    (export / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        StanceModel(export)
    message = str(caught.value)
    assert str(export / name) in message
    assert sha256_of(export / name) in message
    assert sha256_of(tiny_export[1] / name) in message


@pytest.mark.parametrize("size", [0, 100])
@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_a_changed_file(export, name, size):
    (export / name).write_bytes((export / name).read_bytes()[:size])
    with pytest.raises(DataError, match=rf"{name}: expected SHA-256"):
        StanceModel(export)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_of_the_export_is_named(export, name):
    (export / name).unlink()
    with pytest.raises(DataError, match=rf"{name}: expected a file of the export, found none"):
        StanceModel(export)


def test_a_file_without_a_checksum_is_not_trusted(export):
    sums = json.loads((export / "export.json").read_text(encoding="utf-8"))["sha256"]
    for lacking in ("model.onnx.data", "tokenizer.json"):
        change_description(export, sha256=sums | {lacking: None})
        with pytest.raises(DataError, match="expected SHA-256 None, found"):
            StanceModel(export)
    change_description(export, sha256={})
    with pytest.raises(DataError, match="expected the checksums of a variant's files, found none"):
        StanceModel(export)


def change_description(export, **changes):
    path = export / "export.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(description | changes), encoding="utf-8")


@pytest.mark.parametrize(
    ("version", "advice"), [(1, "export the model again"), (99, "update this program")]
)
def test_another_version_is_an_error_that_says_what_to_do(export, version, advice):
    change_description(export, version=version, sikap_version="7.8.9")
    expected = (
        rf"expected an export of version 7, found {version} \(written by sikap 7\.8\.9\); {advice}"
    )
    with pytest.raises(DataError, match=expected):
        StanceModel(export)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]"])
def test_a_broken_description_is_an_error(export, content):
    (export / "export.json").write_bytes(content)
    with pytest.raises(DataError, match=r"export\.json: expected"):
        StanceModel(export)


def test_the_hash_of_the_export_is_that_of_its_description(model, tiny_export):
    assert model.export_hash == sha256_of(tiny_export[1] / "export.json")


def test_a_model_folder_gives_an_error_that_names_export_model(tiny_export):
    with pytest.raises(ConfigError, match=r"found a model folder.*export_model\.py"):
        StanceModel(tiny_export[0])


def test_a_folder_that_is_no_export_or_is_not_there_says_what_to_run(tmp_path):
    with pytest.raises(ConfigError, match=r"export\.json; export_model writes one"):
        StanceModel(tmp_path)
    with pytest.raises(ConfigError, match="expected an export folder, found none"):
        StanceModel(tmp_path / "none")


HEAVY = (
    "torch",
    "transformers",
    "datasets",
    "pyarrow",
    "pandas",
    "scipy",
    "datasketch",
    "trafilatura",
    "lxml",
    "matplotlib",
    "onnx",
)


def imported_by(module):
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_package_s_face_needs_little_more_than_its_three_packages():
    found = imported_by("training.inference")
    assert {"numpy", "onnxruntime", "tokenizers"} <= found
    assert not found & {*HEAVY, "hydra", "omegaconf", "rich", "yaml"}


def test_predicting_imports_nothing_that_only_some_inputs_need():
    assert not imported_by("training.inference.stage") & set(HEAVY)


def distributions(extra):
    """List the distributions that an extra of the project names itself."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = found["project"]["optional-dependencies"][extra]
    return {re.match(r"[\w.-]+", name)[0].lower() for name in wanted} - {"sikap"}


def test_a_model_is_opened_and_asked_with_what_the_extra_serve_installs(tiny_export, tmp_path):
    export = shutil.copytree(tiny_export[1], tmp_path / "export")
    path = export / "export.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["targets"][0]["aliases"] = {"ru": ["Россия"]}
    description["russian_forms"] = {"россия": "россия россии"}
    path.write_text(json.dumps(description), encoding="utf-8")
    code = (
        "import sys\nfrom training.inference import StanceModel\n"
        f"StanceModel({str(export)!r})(['О России молчат.'])\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "pymorphy3" not in loaded  # the forms of Russian names travel along
    owners = metadata.packages_distributions()
    used = {owner.lower() for name in loaded for owner in owners.get(name, ())}
    assert not used & distributions("train")


def test_each_batch_is_scored_by_a_thread_of_its_own_and_answers_keep_their_order(tiny_export):
    texts = [" ".join(["word"] * n) for n in (3, 9, 1, 7, 5, 8, 2, 6)]
    alone = StanceModel(tiny_export[1], threads=1)(texts, batch_tokens=1)
    model = StanceModel(tiny_export[1], threads=2)
    together, run = Barrier(2, timeout=30), model._session.run

    def meeting_another(*asked):
        together.wait()
        return run(*asked)

    model._session = SimpleNamespace(run=meeting_another)
    for found, expected in zip(model(texts, batch_tokens=1), alone, strict=True):
        assert found["stance"] == expected["stance"]
