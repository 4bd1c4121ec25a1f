import pytest

from labels.functions import FUNCTIONS
from labels.functions.apply import Panel, gather_article
from labels.functions.registry import LabellingFunction
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SENTIMENT, tasks_for

CHOSEN = {
    "stance": [FUNCTIONS["stance"][name] for name in ("not_named", "criticised", "refused")],
    "sentiment": [FUNCTIONS["sentiment"]["condemning"]],
}


def gathered(matcher, sentences):
    columns = ([row[name] for row in sentences] for name in ("text", "kind", "lang"))
    return gather_article(*columns, matcher)


def answers(matcher, sentences, functions=CHOSEN):
    targets = {target.key: target for target in matcher.targets}
    panel = Panel(tasks_for(["russia", "gaza_ceasefire"]), targets, functions)
    return [
        [
            (vote.task.key, vote.labeller, vote.label)
            for vote in (panel.votes[number] for number in panel.ask(evidence))
        ]
        for evidence in gathered(matcher, sentences)
    ]


def test_each_task_is_put_to_the_functions_that_apply(matcher, sentence_rows):
    sentences = sentence_rows("a", "Norland condemned Russia.", "Rain fell.")
    assert answers(matcher, sentences) == [
        [
            ("russia", "not_named", None),
            ("russia", "criticised", "against"),
            ("gaza_ceasefire", "not_named", "unrelated"),
            ("sentiment", "condemning", "negative"),
        ],
        [
            ("russia", "not_named", "unrelated"),
            ("gaza_ceasefire", "not_named", "unrelated"),
            ("sentiment", "condemning", None),
        ],
    ]


def test_a_scheme_without_functions_gets_no_votes(matcher, sentence_rows):
    only = {"sentiment": CHOSEN["sentiment"]}
    sentences = sentence_rows("a", "Rain fell.")
    assert answers(matcher, sentences, only) == [[("sentiment", "condemning", None)]]


def test_a_panel_that_has_seen_other_languages_asks_who_applies(matcher, sentence_rows):
    texts = ("Norland condemned Russia.", "Norland condemned Russia.", "Norland condemned it.")
    rows = [
        sentence_rows("a", text, lang=lang)[0]
        for text, lang in zip(texts, ("en", "de", "en"), strict=True)
    ]
    asked = [[name for _, name, _ in found] for found in answers(matcher, rows)]
    russia, ceasefire = ["not_named", "criticised"], ["not_named"]
    assert asked == [
        [*russia, *ceasefire, "condemning"],
        ["not_named", *ceasefire],  # nobody else knows German
        ["not_named", *ceasefire, "condemning"],
    ]


def test_an_answer_that_is_no_class_is_an_error_that_names_the_function(matcher, sentence_rows):
    wrong = LabellingFunction(
        name="moody",
        scheme=SENTIMENT,
        vote=lambda evidence: "gloomy",
        kind=None,
        reads=(),
        asked_when_not_named=False,
    )
    with pytest.raises(ConfigError) as caught:
        answers(matcher, sentence_rows("a", "Rain fell."), {"sentiment": [wrong]})
    assert str(caught.value) == (
        "labelling function 'moody': expected one of negative, neutral, positive, or None where "
        "it abstains, got 'gloomy'"
    )


def named(matcher, sentences):
    return [sorted(evidence.named) for evidence in gathered(matcher, sentences)]


def test_a_dateline_names_no_target_in_the_first_sentence_of_the_body(matcher, sentence_rows):
    texts = ("Rain in the north", "MOSCOW (AP) — Rain fell.", "MOSCOW (AP) — Rain fell.")
    with_title = sentence_rows("a", *texts, title=True)
    assert named(matcher, with_title) == [[], [], ["russia"]]


def test_the_title_and_later_sentences_settle_an_ambiguous_name(matcher, sentence_rows):
    alone = sentence_rows("a", "They agreed on a truce.")
    later = sentence_rows("a", "They agreed on a truce.", "Hamas waited.")
    titled = sentence_rows("a", "Hamas waits", "They agreed on a truce.", title=True)
    assert named(matcher, alone) == [[]]
    assert named(matcher, later) == [["gaza_ceasefire"], []]
    assert named(matcher, titled) == [[], ["gaza_ceasefire"]]
