import json
from collections import Counter
from itertools import count

import pytest
import torch
from safetensors.torch import load_file

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from labels.pipeline.tables import read_table, write_table
from tests.training.fit.conftest import EPOCHS, read_history, shares
from training.data.batches import batches
from training.fit.checkpoint import CheckpointFolder
from training.fit.history import DevScores
from training.fit.loop import Training
from training.model.classifier import CLASSIFIERS
from training.model.settings import Precision
from training.model.store import load_model
from training.report.stage import predict_examples

# Next to nothing is learned.
BARELY = ["learning_rate=1e-12", "head_learning_rate=1e-12"]


class Killed(BaseException):
    """Stands for kill -9: nothing in the program may catch it."""


def kill_after_saves(count, monkeypatch):
    save = CheckpointFolder.save
    saves = []

    def save_and_die(self, *arguments):
        save(self, *arguments)
        saves.append(self.path)
        if len(saves) == count:
            raise Killed

    monkeypatch.setattr(CheckpointFolder, "save", save_and_die)


def kill_after_batches(count, monkeypatch):
    seen = []

    def batches_and_death(*arguments):
        for batch in batches(*arguments):
            if len(seen) == count:
                raise Killed
            seen.append(batch)
            yield batch

    monkeypatch.setattr("training.fit.loop.batches", batches_and_death)


@pytest.mark.parametrize(
    ("kill", "count"),
    [
        pytest.param(kill_after_saves, 1, id="after the first epoch"),
        pytest.param(kill_after_batches, 6, id="in the middle of the second epoch"),
        pytest.param(kill_after_batches, 2, id="in the first epoch, before any checkpoint"),
        pytest.param(kill_after_saves, EPOCHS, id="after the last epoch, before the model"),
    ],
)
def test_a_killed_training_goes_on_to_the_very_same_model(train, monkeypatch, kill, count):
    undisturbed = train("undisturbed")
    with monkeypatch.context() as patch:
        kill(count, patch)
        with pytest.raises(Killed):
            train("killed")
    resumed = train("killed")
    for name in ("history.csv", "model/model.safetensors", "model/model.json"):
        assert (resumed / name).read_bytes() == (undisturbed / name).read_bytes()
    epochs = read_history(resumed)
    assert [epoch["epoch"] for epoch in epochs] == ["1", "2", "3"]
    assert float(epochs[0]["train_loss"]) > float(epochs[-1]["train_loss"])


def test_a_resumed_training_does_not_repeat_finished_epochs(train, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        kill_after_saves(2, patch)
        with pytest.raises(Killed):
            train("killed")
    capsys.readouterr()
    train("killed")
    said = capsys.readouterr().err
    assert "resumed after epoch 2" in said
    assert "epoch  3" in said
    assert "epoch  1" not in said


def test_finished_training_removes_its_checkpoints_and_other_settings_start_afresh(
    train, monkeypatch, inputs
):
    with monkeypatch.context() as patch:
        kill_after_saves(1, patch)
        with pytest.raises(Killed):
            train("killed")
    (left,) = (inputs / "killed" / "runs").iterdir()
    changed = train("killed", "seed=4")
    assert list((inputs / "killed" / "runs").iterdir()) == [left]
    fresh = train("fresh", "seed=4")
    weights = "model/model.safetensors"
    assert sha256_of(changed / weights) == sha256_of(fresh / weights)
    assert not list((fresh / "runs").iterdir())


def test_a_checkpoint_is_found_again_when_only_the_output_moves(train, monkeypatch, inputs, capsys):
    with monkeypatch.context() as patch:
        kill_after_saves(1, patch)
        with pytest.raises(Killed):
            train("killed")
    train("moved", f"checkpoints={inputs / 'killed' / 'runs'}")
    assert "resumed after epoch 1" in capsys.readouterr().err


def test_the_model_folder_can_be_loaded_and_says_how_it_was_trained(train):
    folder = train("done")
    model = load_model(folder / "model")
    assert model.manifest["training"] == {
        "seed": 13,
        "epochs": EPOCHS,
        "best_epoch": model.manifest["training"]["best_epoch"],
        "precision": "fp32",
        "processes": 1,
        "train_sentences": 13,
        "train_sentences_cut": 0,
        "dev_sentences": 13,
    }
    scores = [float(epoch["f_polar_pooled"]) for epoch in read_history(folder)]
    assert model.manifest["training"]["best_epoch"] == scores.index(max(scores)) + 1
    assert [target["key"] for target in model.targets] == ["russia", "oic"]
    assert not (folder / "model" / "history.json").exists()


def test_training_begins_with_the_weights_of_a_model(train, inputs):
    first = train("first")
    weights = load_file(first / "model" / "model.safetensors")
    # a rate of next to nothing keeps what it began with
    second = train("second", f"start={first / 'model'}", *BARELY)
    for name, tensor in load_file(second / "model" / "model.safetensors").items():
        assert torch.allclose(tensor, weights[name], atol=1e-6), name
    facts = load_model(second / "model").manifest["training"]
    assert facts["start"] == sha256_of(first / "model" / "model.safetensors")
    assert "start" not in load_model(first / "model").manifest["training"]


def test_a_model_may_be_the_start_for_other_targets(train, inputs):
    first = train("first")
    targets = json.loads((inputs / "targets.json").read_text(encoding="utf-8"))
    targets = [targets[1], {"key": "nato", "description": "The alliance"}, targets[0]]
    (inputs / "targets.json").write_text(json.dumps(targets), encoding="utf-8")
    second = train("second", f"start={first / 'model'}", *BARELY)
    before, after = (load_file(folder / "model/model.safetensors") for folder in (first, second))
    order = torch.tensor([1, 0, 2])  # the OIC, Russia, the tone
    assert torch.allclose(after["queries"][[0, 2, 3]], before["queries"][order], atol=1e-6)
    assert not torch.allclose(after["queries"][1], after["queries"][0], atol=1e-3)


def test_another_start_is_another_run(train, inputs, capsys):
    first, other = train("first"), train("other", "seed=7")
    train("second", f"start={first / 'model'}")
    with_first = sha256_of(inputs / "second" / "model" / "model.safetensors")
    train("second", f"start={other / 'model'}")
    assert sha256_of(inputs / "second" / "model" / "model.safetensors") != with_first


@pytest.mark.parametrize(
    ("start", "changes", "message"),
    [
        ("nowhere", [], r"start: expected a model folder with model\.json, got .*nowhere"),
        ("first/model", ["classifier.head_width=8"], r"classifier\.head_width 8, as is set; .* 16"),
        ("first/model", ["backbone.prefix=x"], r"backbone\.prefix 'x', as is set; .* has ''"),
    ],
)
def test_a_start_that_does_not_fit_is_told_before_the_training(
    train, inputs, start, changes, message
):
    train("first")
    with pytest.raises(ConfigError, match=message):
        train("second", f"start={inputs / start}", *changes)
    assert not (inputs / "second").exists()


def test_frozen_word_embeddings_keep_every_weight(train, tiny_backbone):
    trained = load_file(train("done") / "model" / "model.safetensors")
    word = "embeddings.word_embeddings.weight"
    untouched = tiny_backbone.model.state_dict()
    assert torch.equal(trained[f"encoder.{word}"], untouched[word])
    moved = "encoder.layer.0.attention.self.query.weight"
    assert not torch.equal(trained[f"encoder.{moved}"], untouched[moved])


def test_a_share_of_train_is_what_is_trained_on(train):
    model = load_model(train("part", "train_share=0.5", "epochs=1") / "model")
    assert model.manifest["training"]["train_sentences"] == 7  # half of 13, rounded up
    assert model.manifest["training"]["dev_sentences"] == 13


def test_dev_without_a_polar_class_is_told_before_the_work(train, inputs, split_row, monkeypatch):
    rows = [split_row("t", "a", "train", {"oic": "favor"}, "neutral")]
    rows += [split_row("d", "b", "dev", {"oic": "favor"}, "neutral")]
    write_table(inputs / "splits.parquet", "splits", rows)
    monkeypatch.setattr("training.fit.stage.load_backbone", pytest.fail)  # nothing is loaded yet
    with pytest.raises(DataError, match=r"expected every one of .* in dev.*; found no against"):
        train("model")
    assert not (inputs / "model" / "model").exists()


def test_no_dev_example_is_an_error_that_names_the_file(train, inputs, split_row):
    rows = [split_row("t", "a", "train", {"oic": "favor"}, "neutral")]
    write_table(inputs / "splits.parquet", "splits", rows)
    with pytest.raises(DataError, match=r"splits\.parquet: expected examples of dev, found none"):
        train("model")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "pro"}, r"sentence t, oic: expected favor\|against\|.*, found 'pro'"),
        ({"p_favor": 0.5}, r"sentence t, oic: expected probabilities that sum to 1, found 0\.5"),
        ({"p_favor": float("nan")}, r"expected probabilities that sum to 1, found nan"),
    ],
)
def test_labels_that_another_program_got_wrong_are_told(train, inputs, split_row, changes, message):
    row = split_row("t", "a", "train", {"oic": "favor"}, "neutral")
    row["stances"][0] |= changes
    write_table(inputs / "splits.parquet", "splits", [row])
    with pytest.raises(DataError, match=message):
        train("model")


def test_processes_that_do_not_share_their_checkpoints_are_an_error(train, monkeypatch):
    monkeypatch.setattr("training.fit.loop.gather_object", lambda epochs: [*epochs, 1])
    with pytest.raises(DataError, match=r"all processes share, found finished epochs \[0, 1\]"):
        train("model")


def test_a_stance_that_is_expected_more_often_is_given_more_often(train, inputs):
    given = {}
    for stance in ("favor", "against"):
        rest = dict.fromkeys(("favor", "against", "neutral"), 0.05)
        folder = train(
            stance, "epochs=10", f"stance_shares.en.oic={shares(**rest | {stance: 0.9})}"
        )
        model = load_model(folder / "model")
        rows = read_table(inputs / "splits.parquet", "splits")
        found = predict_examples(model, rows, 8, Precision.fp32)
        given[stance] = Counter(row["label"] for row in found)
    for stance, other in (("favor", "against"), ("against", "favor")):
        assert given[stance][stance] > given[other][stance] + 5


def test_voices_are_learned_by_target(train, inputs, monkeypatch):
    scores = (DevScores(f_polar_pooled=n, macro_f1_pooled=0, sentiment_macro_f1=0) for n in count())
    monkeypatch.setattr(Training, "_dev_scores", lambda _: next(scores))  # the last epoch is kept
    folder = train("model", "epochs=40", "attribution_weight=1")
    model = load_model(folder / "model")
    rows = read_table(inputs / "splits.parquet", "splits")
    found = predict_examples(model, rows, 8, Precision.fp32)
    told = Counter((row["task"], row["voice"]) for row in found if row["voice"] is not None)
    assert told == {("russia", "author"): 14, ("oic", "reported"): 14}


def test_a_share_of_where_the_encoder_began_is_kept_and_the_heads_are_as_trained(
    train, tiny_folder
):
    begun = load_file(tiny_folder / "model.safetensors")
    trained = load_file(train("trained", "epochs=1", "start_share=0") / "model/model.safetensors")
    mixed = load_file(train("mixed", "epochs=1", "start_share=0.25") / "model/model.safetensors")
    moved = 0
    for name, weights in trained.items():
        expected = weights
        if name.startswith("encoder."):
            expected = 0.75 * weights + 0.25 * begun[name.removeprefix("encoder.")]
            moved += not torch.equal(expected, weights)
        torch.testing.assert_close(mixed[name], expected)
    assert moved > 20


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_a_killed_training_with_auxiliary_sets_goes_on_to_the_very_same_model(
    train, beside, monkeypatch, kind
):
    words = [f"classifier={kind}", *beside]
    undisturbed = train("undisturbed", *words)
    with monkeypatch.context() as patch:
        kill_after_batches(6, patch)
        with pytest.raises(Killed):
            train("killed", *words)
    resumed = train("killed", *words)
    for name in ("history.csv", "model/model.safetensors", "model/model.json"):
        assert (resumed / name).read_bytes() == (undisturbed / name).read_bytes()


def test_auxiliary_sets_change_what_is_learned_and_leave_nothing_but_a_note(train, beside, capsys):
    plain, taught = train("plain"), train("taught", *beside)
    assert "auxiliary news: 9 sentences, in a share of 0.5 of the steps" in capsys.readouterr().err
    before, after = (load_file(folder / "model/model.safetensors") for folder in (plain, taught))
    assert {name: one.shape for name, one in before.items()} == {
        name: one.shape for name, one in after.items()
    }
    assert not torch.equal(before["heads.stance.1.weight"], after["heads.stance.1.weight"])
    facts, others = (load_model(f / "model").manifest["training"] for f in (taught, plain))
    assert facts.pop("auxiliary") == [
        {"suite": "news", "share": 0.5, "weight": 0.5, "sentences": 9},
        {"suite": "tone", "share": 1.0, "weight": 0.2, "sentences": 5},
    ]
    assert facts.keys() == others.keys()


def test_the_losses_of_auxiliary_sets_stand_in_the_history_and_fall(train, beside):
    epochs = read_history(train("taught", *beside, "epochs=30", "token_dropout=0"))
    for suite in ("news", "tone"):
        losses = [float(epoch[f"auxiliary_loss.{suite}"]) for epoch in epochs]
        assert sum(losses[-5:]) < sum(losses[:5])
    assert "auxiliary_loss.news" not in read_history(train("plain", "epochs=1"))[0]


def test_an_auxiliary_set_that_is_not_there_is_told_before_the_work(train, sets, monkeypatch):
    monkeypatch.setattr("training.fit.stage.load_backbone", pytest.fail)
    with pytest.raises(
        ConfigError, match=r"auxiliary: expected smsa in .*read_suite\.py suite=smsa"
    ):
        train("model", "auxiliary=[{suite: smsa, share: 1, weight: 1}]", f"auxiliary_data={sets}")
