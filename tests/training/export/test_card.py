from training.export.card import model_card

SCORES = {
    "n": 3,
    "macro_f1": None,
    "f_polar": 0.5,
    "f1": {"favor": 1.0, "against": 0.0, "neutral": 0.25, "unrelated": None},
    "n_gold": {"favor": 1, "against": 1, "neutral": 1, "unrelated": 0},
}
DEV = {
    "sentences": 2,
    "groups": 2,
    "rows": 3,
    "f_polar_pooled": 0.5,
    "f_polar_pooled_low": 0.25,
    "f_polar_pooled_high": 0.75,
    "macro_f1_pooled": None,
    "pooled": SCORES,
    "sentiment_macro_f1": 0.4,
    "sentiment": {"n": 2, "macro_f1": 0.4, "f1": {}, "n_gold": {}},
    "attribution": {"holders": 5, "holder_right": 0.8, "voices": 0, "voice_right": None},
    "target_gain": {"gain": None, "low": None, "high": None, "n": 0},
    "targets": {"oic": SCORES},
    "languages": {"ru": SCORES | {"sentiment_macro_f1": 0.4}},
}
DESCRIPTION = {
    "version": 2,
    "sikap_version": "0",
    "schemes": {"stance": ["favor", "against"], "sentiment": ["negative"]},
    "voices": ["author"],
    "targets": [
        {"key": "oic", "name": "The | OIC", "description": "A body"},
        {"key": "nato", "description": "Another"},
    ],
    "prefix": "",
    "max_tokens": 8,
    "pad_id": 1,
    "backbone": {"kind": "hub", "name": "tiny", "max_tokens": 8, "prefix": ""},
    "classifier": {
        "kind": "encode_once",
        "sentiment_question": "?",
        "head_width": 8,
        "dropout": 0.0,
    },
    "training": {"seed": 3, "epochs": 4, "best_epoch": 2, "train_sentences": 90},
    "parity": {"sentences": 64, "below": 1e-4},
    "variants": {
        "int8": {
            "sentences": 2000,
            "megabytes": 81.4,
            "agreement": {"ar": 0.991, "ru": 0.987},
            "f_polar_loss": {"all": 0.002, "oic": 0.03},
            "positions": {"all": 700, "oic": 90},
        }
    },
    "refused": {"int4": "ru: expected more"},
    "calibration": {"sentences": 30, "split": "dev"},
}
METRICS = {"model": {}, "splits": {"dev": DEV, "test": None}}


def test_the_card_says_what_the_model_is():
    card = model_card(DESCRIPTION, METRICS, "mine")
    assert card.startswith("---\n")
    assert "\n---\n\n# sikap model `mine`\n" in card
    assert "python stance.py --lang en" in card
    assert "| variant fp32 | exact: these logits |" in card
    assert "| stance | favor, against |" in card
    assert "| trained on | 90 sentences, epoch 2 of 4, seed 3 |" in card
    assert "| ONNX against torch | every logit within 1e-04 on 64 sentences |" in card
    assert "| variant int8 | 81 MB; of 2000 sentences' answers 98.7% at least are the same" in card
    assert "f_polar falls by 0.030 at most |" in card
    assert "| variant int4 | left out: ru: expected more |" in card
    assert "| probabilities | scaled by task and language, on 30 sentences of dev |" in card
    assert "- `oic` (The | OIC): A body\n- `nato` (nato): Another\n" in card


def test_the_scores_of_each_split_that_was_scored_are_named_with_their_n():
    card = model_card(DESCRIPTION, METRICS, "mine")
    assert "## Scores on dev" in card
    assert "## Scores on test" not in card
    assert "`f_polar_pooled` 0.500, 95% interval 0.250 to 0.750 by article" in card
    assert "`macro_f1_pooled` -; `sentiment_macro_f1` 0.400 (n 2)." in card
    assert "the holder is right in 0.800 (n 5), the voice in - (n 0)." in card
    row = "| 3 | 0.500 | - | 1.000 (1) | 0.000 (1) | 0.250 (1) | - (0) |"
    for name in ("all targets", "oic", "ru"):
        assert f"| {name} {row}" in card


def test_without_an_interval_none_is_named():
    dev = DEV | {"f_polar_pooled_low": None, "f_polar_pooled_high": None}
    card = model_card(DESCRIPTION, {"model": {}, "splits": {"dev": dev}}, "mine")
    assert "interval" not in card
