from training.inference.rules import LABEL_MODEL_FILE


def test_the_card_names_targets_functions_and_limits(rules_export):
    assert (rules_export / LABEL_MODEL_FILE).is_file()
    card = (rules_export / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# sikap rules `rules`\n")
    assert "- `gaza_ceasefire` (Gaza ceasefire): " in card
    assert "| criticised | " in card
    assert "| only_bad | " in card
    assert "Fitted on 40 sentences of 40 articles; of the sentences, 0 have gold" in card
    assert "no `holder`" in card
