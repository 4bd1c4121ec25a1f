import json

import pytest

from labels.annotate.gold import read_gold
from tests.training.drift.test_features import text
from training.drift.features import Named
from training.drift.tasks import Candidate, candidates_of, choose, write_tasks
from training.inference.written import WrittenAnswer

KNOWN = "Moscow said that talks went on today"


def named(one, *targets):
    return Named(one, [set(targets)] * len(one.lines))


def candidate(number, novelty=1.0, unsureness=None, text=None, lang="en"):
    return Candidate(
        sentence_id=f"{number}#0",
        article_id=str(number),
        lang=lang,
        text=text or f"word{'abcdefghij'[number % 10]} of many a day",
        novelty=novelty,
        strange=("drone", "swarm"),
        unsureness=unsureness,
        unsure_of=None if unsureness is None else "oic",
    )


def test_strange_sentences_are_told_from_known_ones():
    new = [
        named(text(0, "en", KNOWN), "russia"),
        named(text(1, "en", "Moscow fears drone swarms over ports"), "russia"),
        named(text(2, "en", "Moscow fears drone swarms over ports."), "russia"),
        named(text(3, "en", "Moscow said that talks went on again"), "russia"),
        named(text(4, "en", "Moscow spoke."), "russia"),
        named(text(5, "en", "The rain fell on all of us")),
    ]
    counts = {"en": dict.fromkeys(KNOWN.casefold().split(), 9)}
    reference = [named(text(9, "en", KNOWN))] * 9
    found = candidates_of(new, reference, counts, named_only=True)
    assert [one.article_id for one in found] == ["1", "3"]
    assert found[0].novelty > found[1].novelty
    assert set(found[0].strange) <= {"fears", "drone", "swarms", "over", "ports"}
    assert found[1].strange[0] == "again"
    everything = candidates_of(new, reference, counts, named_only=False)
    assert [one.article_id for one in everything] == ["1", "3", "5"]


def test_the_least_sure_answer_is_kept():
    sure = WrittenAnswer(label="favor", probabilities=(0.9, 0.1, 0, 0), holder=None)
    unsure = WrittenAnswer(label="favor", probabilities=(0.4, 0.3, 0.2, 0.1), holder=None)
    one = text(1, "en", KNOWN, answers={"oic": sure, "russia": unsure})
    (found,) = candidates_of([named(one, "oic")], [], {}, named_only=True)
    assert found.unsureness == pytest.approx(0.6)
    assert found.unsure_of == "russia"


def test_strange_and_unsure_sentences_are_chosen():
    rows = [candidate(i, novelty=i, unsureness=i / 100) for i in range(60)]
    assert {int(one.article_id) for one in choose(rows, 5, 1)} <= set(range(35, 60))
    assert choose(rows, 5, 1) == choose(rows, 5, 1)
    assert choose(rows[:3], 5, 1) == rows[:3]
    assert choose(rows, 0, 1) == choose([], 5, 1) == []


def test_sentences_that_are_chosen_are_unlike_each_other():
    same = [candidate(i, 5.0, text="drone swarms hit the port again") for i in range(20)]
    other = [candidate(20, 4.9, text="wheat harvest fails in the south")]
    chosen = choose([*same, *other], 5, 1)
    assert "20" in {one.article_id for one in chosen}
    assert len({one.sentence_id for one in chosen}) == 5


def test_each_language_is_ranked_by_itself():
    rows = [candidate(i, 100.0 + i) for i in range(50)]
    rows += [candidate(50 + i, i / 10, lang="ru", text=f"дождь шёл {i} дней") for i in range(50)]
    assert {one.lang for one in choose(rows, 10, 1)} == {"en", "ru"}


def test_tasks_become_gold_once_they_are_filled_in(tmp_path):
    path = tmp_path / "tasks.jsonl"
    write_tasks(path, [candidate(1, unsureness=0.6), candidate(2)], ["oic", "russia"])
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows[0]["note"] == "rare in the reference: drone, swarm; least sure: oic 0.4"
    assert rows[1]["note"] == "rare in the reference: drone, swarm"
    gold, rejects = read_gold(path, ["oic", "russia"], ["oic", "russia"])
    assert (gold[0].labels, rejects) == ({}, [])
    rows[0]["oic"], rows[0]["holder"] = "favor", "author"
    path.write_text(json.dumps(rows[0]), encoding="utf-8")
    gold, rejects = read_gold(path, ["oic", "russia"], ["oic", "russia"])
    assert (gold[0].labels, gold[0].article_ids) == ({"oic": "favor"}, ("1#0", "1"))
    assert (rejects, gold[0].passed_over) == ([], ())
