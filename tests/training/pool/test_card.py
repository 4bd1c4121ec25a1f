from training.pool.card import pool_card


def test_a_bias_is_told_by_class():
    score = {"answers": 1200, "model": 0.5, "rules": 0.6, "pool": 0.7}
    card = pool_card(
        {
            "targets": [{"key": "oic", "name": "OIC", "description": "The body"}],
            "pooled": {"stance": {"weight": 0.65, "bias": {"favor": -0.5}}},
            "chosen_on": {
                "sentences": 400,
                "articles": 90,
                "folds": 10,
                "seed": 13,
                "scores": {"stance": score},
            },
        },
        "pool",
    )
    assert "| stance | 0.65 | favor -0.50 | 0.500 | 0.600 | 0.700 | 1,200 |" in card
    assert "- `oic` (OIC): The body" in card
