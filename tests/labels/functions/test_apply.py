from labels.functions import FUNCTIONS
from labels.functions.apply import ask, gather_article
from labels.pipeline.schema import tasks_for

CHOSEN = {
    "stance": [FUNCTIONS["stance"][name] for name in ("not_named", "criticised", "refused")],
    "sentiment": [FUNCTIONS["sentiment"]["condemning"]],
}


def answers(matcher, sentences, functions=CHOSEN):
    tasks = tasks_for(["russia", "gaza_ceasefire"])
    targets = {target.key: target for target in matcher.targets}
    return [
        [
            (vote.task.key, vote.labeller, vote.label)
            for vote in ask(evidence, tasks, targets, functions)
        ]
        for evidence in gather_article(sentences, matcher)
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


def named(matcher, sentences):
    return [sorted(evidence.named) for evidence in gather_article(sentences, matcher)]


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
