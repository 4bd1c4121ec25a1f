from labels.annotator.audit.page import audit_page

SCORE = {
    "lang": "en",
    "task": "russia",
    "n": 1200,
    "articles": 300,
    "f_polar": 0.5,
    "f_polar_low": 0.25,
    "f_polar_high": 0.75,
    "macro_f1": None,
    "macro_f1_low": None,
    "macro_f1_high": None,
    "neutral_gold": 0.25,
    "neutral_answered": 0.75,
    "neutral_bias": 0.5,
    "neutral_bias_low": 0.4,
    "neutral_bias_high": 0.6,
    "missed": None,
    "n_missed": 0,
}
FLIP = {"variant": "wording", "lang": "all", "task": "all", "n": 30, "articles": 10}
FLIP |= {"flipped": 0.1, "low": 0.0, "high": 0.2}
COST = {"requests": 3, "prompt_tokens_per_1000": 25000.4, "answer_tokens_per_1000": 2500.0}
COST |= {"seconds_per_1000": 7200.0, "cost_per_1000": None, "concurrency": 2, "is_counted": False}
AUDIT = {
    "labeller": "model:m",
    "model": "m",
    "base_url": "http://127.0.0.1:8000/v1",
    "prompts": {"en": "f"},
    "gold": ["gold.jsonl"],
    "gold_rejects": 0,
    "shown_in_prompt": 6,
    "sentences": 10,
    "answered": 7,
    "rejected": {"refused": 1, "wrong_label": 2},
    "scores": [SCORE],
    "flips": [FLIP],
    "cost": COST,
}


def test_figures_stand_with_their_intervals_and_what_is_not_known_is_a_dash():
    page = audit_page(AUDIT)
    assert "| en | russia | 1,200 | 300 | 0.500 [0.250, 0.750] | - |" in page
    assert "10 sentences, 7 answered, 3 without a valid answer (refused 1, wrong_label 2)" in page
    assert (
        "| the instructions in other words | all | all targets | 30 | 10 | 0.100 [0.000, 0.200]"
        in page
    )
    assert "| tokens of prompts, estimated, 3 bytes each | 25,000 |" in page
    assert "| time, 2 requests at once | 2.0 h |" in page
    assert "| cost | not known" in page


def test_the_bias_of_each_slice_is_shown():
    page = audit_page(AUDIT)
    assert "| en | russia | 0.250 | 0.750 | 0.500 [0.400, 0.600] | - | 0 |" in page
