import json

import pytest

from labels.annotator.answers import NUMBER
from labels.pipeline.errors import DataError

NAMES = {"en": ("praised", "condemned", "met"), "ru": ("похвалила", "осудила", "встретила")}
STANCES = ("favor", "against", "neutral")


@pytest.fixture
def gold(world):
    """Write gold of two languages in which the server's model is right but for one kind."""
    rows = []
    for lang, verbs in NAMES.items():
        for number in range(24):
            verb, stance = verbs[number % 3], STANCES[number % 3]
            whom = "Russia" if lang == "en" else "Россию"
            text = f"Land {number} {verb} {whom}."
            labels = {"russia": stance, "oic": "unrelated", "gaza_ceasefire": "unrelated"}
            tone = "negative" if stance == "against" else "neutral"
            keys = {"id": f"{lang}{number}", "article_id": f"{lang}-a{number // 2}"}
            rows.append(keys | {"lang": lang, "text": text, "sentiment": tone} | labels)
    shown = {"id": "s", "lang": "en", "text": "Sudland praised Russia.", "russia": "favor"}
    rows += [shown, {"id": "x", "lang": "en", "text": "", "russia": "favor"}]
    path = world / "audit_gold.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def stage(composer, world, overrides, server, gold):
    """Run the audit; return the card, None where there is none."""

    def run(*more):
        given = [f"gold={gold}", f"output={world / 'card'}", "bootstrap_draws=50"]
        composer.run("audit_annotator", *overrides(server.url), *given, "prompt.batch=4", *more)
        path = world / "card" / "audit.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    return run


def score_of(card, lang, task):
    return next(row for row in card["scores"] if (row["lang"], row["task"]) == (lang, task))


def flip_of(card, variant, lang, task="all"):
    of = (variant, lang, task)
    rows = [row for row in card["flips"] if (row["variant"], row["lang"], row["task"]) == of]
    return rows[0] if rows else None


def test_the_card_scores_each_language_and_target(stage):
    card = stage("variants=[]", "prompt.examples=3")
    assert card["sentences"] == card["answered"] == 48
    assert (card["shown_in_prompt"], card["gold_rejects"]) == (1, 1)
    # the model of the server knows every verb but the Russian one for meeting, which is neutral
    assert score_of(card, "en", "russia")["f_polar"] == 1.0
    assert score_of(card, "ru", "russia")["f_polar"] == 1.0
    row = score_of(card, "all", "russia")
    assert (row["n"], row["articles"], row["neutral_bias"]) == (48, 24, 0.0)
    assert score_of(card, "en", "oic")["f_polar"] is None
    assert "no gold example" in score_of(card, "en", "oic")["f_polar_reason"]
    assert {row["lang"] for row in card["scores"]} == {"all", "en", "ru"}
    assert {row["task"] for row in card["scores"]} == {
        "all",
        "russia",
        "oic",
        "gaza_ceasefire",
        "sentiment",
    }


def test_flips_are_told_by_variant_and_language(stage, server, act):
    def first_option(texts):
        """Answer as a model that likes the first of the classes that it is told."""
        (form,) = [
            request.body["response_format"]["json_schema"]["schema"]["$defs"]["Answer"]
            for request in server.requests[-1:]
        ]
        labels = {
            name: field["enum"][0] for name, field in form["properties"].items() if "enum" in field
        }
        return json.dumps({"answers": [{NUMBER: n} | labels for n, _ in enumerate(texts, 1)]})

    server.always = act(content=first_option)
    card = stage("endpoint.concurrency=1", "variant_sentences=6")
    assert flip_of(card, "option_order", "en")["flipped"] == 1.0
    assert flip_of(card, "option_order", "ru", "sentiment")["flipped"] == 1.0
    assert flip_of(card, "again", "all")["flipped"] == 0.0
    assert flip_of(card, "again", "all")["n"] == 36  # 12 sentences, three targets
    assert flip_of(card, "wording", "en")["flipped"] == 0.0
    assert flip_of(card, "language", "ru")["n"] == 18
    assert flip_of(card, "language", "en") is None  # its instructions are English either way


def test_a_model_that_calls_all_neutral_is_seen_to(stage, server, act):
    def neutral(texts):
        labels = dict.fromkeys(["russia", "oic", "gaza_ceasefire", "sentiment"], "neutral")
        return json.dumps({"answers": [{NUMBER: n} | labels for n, _ in enumerate(texts, 1)]})

    server.always = act(content=neutral)
    row = score_of(stage("variants=[]"), "all", "russia")
    assert row["f_polar"] == 0.0
    assert row["neutral_bias"] == pytest.approx(2 / 3)
    assert row["neutral_bias_low"] > 0.4
    assert (row["missed"], row["n_missed"]) == (1.0, 32)


def test_what_it_takes_is_told_per_thousand(stage, server):
    prices = ["endpoint.price_input=2.0", "endpoint.price_output=10.0"]
    cost = stage("variants=[]", *prices)["cost"]
    assert cost["requests"] == 12
    assert cost["prompt_tokens_per_1000"] == pytest.approx(1200 / 48 * 1000)
    assert cost["answer_tokens_per_1000"] == pytest.approx(120 / 48 * 1000)
    assert cost["cost_per_1000"] == pytest.approx((25_000 * 2 + 2_500 * 10) / 1e6)
    assert cost["is_counted"]


def test_the_page_says_what_the_card_says(stage, world):
    card = stage("variants=[again]", "labeller=model:a|b")
    page = (world / "card" / "audit.md").read_text(encoding="utf-8")
    row = score_of(card, "en", "russia")
    interval = f"[{row['f_polar_low']:.3f}, {row['f_polar_high']:.3f}]"
    assert f"| en | russia | 24 | 12 | 1.000 {interval}" in page
    assert "| en | oic | 24 | 12 | - | - |" in page
    assert "48 sentences, 48 answered, 0 without a valid answer" in page
    assert "the same prompt again" in page
    assert "per 1,000 sentences" in page


def test_rejects_are_counted_and_not_scored(stage, server, act):
    server.always = act(refusal="No.")
    card = stage("variants=[]")
    assert card["rejected"] == {"refused": 48}
    assert card["answered"] == 0
    assert card["scores"] == []


def test_a_second_run_asks_nothing_and_writes_the_same(stage, server):
    card = stage()
    asked = len(server.requests)
    assert stage() == card
    assert len(server.requests) == asked


def test_a_part_of_each_language_is_drawn(stage):
    card = stage("most_per_language=5", "variants=[]")
    assert card["sentences"] == 10


def test_a_dry_run_and_a_spent_budget_write_no_card(stage, server, capfd):
    assert stage("dry_run=true") is None
    assert server.requests == []
    assert "216" in capfd.readouterr().err  # 48 scored, thrice 48 and 24 Russian ones otherwise
    server.tokens = (4000, 10)
    assert stage("budget_tokens=20000", "endpoint.concurrency=1") is None
    assert "no card is written" in capfd.readouterr().err
    assert 0 < 4010 * len(server.requests) <= 20_000


def test_gold_that_the_prompt_shows_is_no_gold(stage, world):
    with pytest.raises(DataError, match="expected sentences that the prompt does not show"):
        stage(f"gold={world / 'gold.jsonl'}", "prompt.examples=5")
