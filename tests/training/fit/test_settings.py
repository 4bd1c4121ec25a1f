import pytest

from labels.languages import LANGUAGES
from labels.pipeline.errors import ConfigError


def test_the_places_of_files_are_no_part_of_what_a_model_is(composer):
    here = composer.settings("train_model", "output=here", "history=a.csv", "paths.work=b")
    there = composer.settings("train_model", "output=there", "checkpoints=c", "splits=d.parquet")
    assert here.without_paths() == there.without_paths()
    assert not {"output", "history", "checkpoints", "splits", "targets", "paths"} & set(
        here.without_paths()
    )


@pytest.mark.parametrize(
    "change",
    ["seed=4", "classifier.dropout=0.2", "classifier=cross_encoder", "backbone.max_tokens=64"],
)
def test_everything_else_is(composer, change):
    plain, changed = composer.settings("train_model"), composer.settings("train_model", change)
    assert plain.without_paths() != changed.without_paths()


def test_kinds_are_told_apart(composer):
    found = composer.settings("train_model", "classifier=cross_encoder").without_paths()
    assert found["classifier"]["kind"] == "cross_encoder"
    assert found["backbone"]["kind"] == "embedded"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("batch_size=0", r"train_model\.batch_size: expected at least 1, got 0"),
        ("train_share=0", r"train_model\.train_share: expected \(0, 1\], got 0"),
        ("classifier.dropout=1", r"classifier\.dropout: expected \[0, 1\), got 1"),
        ("train_word_embeddings=true", "expected false below frozen layers, got true"),
        (
            "stance_shares=often",
            "stance_shares: expected a mapping by language or null, got 'often'",
        ),
        (
            "+stance_shares.xx=often",
            r"stance_shares\.xx: expected a mapping by target, got 'often'",
        ),
        ("+stance_shares.xx.oic=often", r"stance_shares\.xx\.oic: .* got 'often'"),
        (
            "+stance_shares.xx.oic={favor: 0.5, against: 0.5}",
            r"stance_shares\.xx\.oic: expected a share above 0 of each of favor, against, neu",
        ),
        (
            "+stance_shares.xx.oic={favor: 0.5, against: 0.2, neutral: 0.2, unrelated: 0.1}",
            r"stance_shares\.xx\.oic: expected a share above 0 of each of favor, against, neu",
        ),
        (
            "+stance_shares.xx.oic={favor: 0, against: 0.5, neutral: 0.5}",
            r"stance_shares\.xx\.oic: expected a share above 0 of each",
        ),
        (
            "+stance_shares.xx.oic={favor: 0.5, against: 0.5, neutral: 0.5}",
            r"stance_shares\.xx\.oic: expected a sum of 1, got 1\.500",
        ),
    ],
)
def test_a_setting_out_of_range_is_named(composer, change, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("train_model", change)


def test_the_main_job_expects_the_stances_of_the_news(composer):
    found = composer.settings("train_model", "experiment=default").stance_shares
    assert set(found) == set(LANGUAGES)
    assert all(
        set(by_target) == {"russia", "oic", "gaza_ceasefire"} for by_target in found.values()
    )
    plain = composer.settings("train_model", "experiment=default", "stance_shares=null")
    assert plain.stance_shares is None


def test_shares_are_told_by_the_places_of_targets_and_stances(composer):
    shares = "{neutral: 0.7, favor: 0.2, against: 0.1}"
    change = f"+stance_shares.xx={{oic: {shares}, bananas: {shares}}}"
    settings = composer.settings("train_model", change)
    found = settings.expected_stances(["russia", "oic"])
    own = {place: by_stance for (lang, place), by_stance in found.items() if lang == "xx"}
    assert own == {1: {0: 0.2, 1: 0.1, 2: 0.7}}
    lines = list(settings.unused_shares(["russia", "oic", "gaza_ceasefire"]))
    assert lines == [
        "stance_shares.xx: left out bananas, as the targets are russia, oic, gaza_ceasefire"
    ]
