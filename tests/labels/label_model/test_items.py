import numpy as np

from labels.annotate.gold import Gold, GoldRow
from labels.functions import FUNCTIONS
from labels.functions.apply import gather_article
from labels.label_model.items import build_items
from labels.label_model.read import GROUPS, read_mentions, read_sentences
from labels.label_model.vote_tables import read_votes
from labels.label_model.votes import ABSTAIN, NOT_ASKED
from labels.pipeline.command import CONFIGS
from labels.pipeline.schema import SENTIMENT_TASK, tasks_for
from labels.pipeline.tables import read_table, write_table
from labels.targets import Matcher
from labels.targets.read import load_targets

FAVOR, AGAINST, UNRELATED = 0, 1, 3
A, N = ABSTAIN, NOT_ASKED
TARGETS = ["russia", "gaza_ceasefire"]
STANCE_FUNCTIONS = ["sought", "plainly_named", "not_named", "criticised"]  # not in order
STANCE_TASKS = tasks_for(TARGETS)[:-1]
SENTENCES = {
    "a": ("en", "Norland condemned Russia over the pipeline."),
    "b": ("en", "Rain fell on Oslo."),
    "c": ("en", "Norland calls for a ceasefire in Gaza."),
    "d": ("de", "Russia hat eine Schule eröffnet."),  # no lexicon for the language
}
# An item a sentence and target; criticised, not_named, plainly_named, sought.
EXPECTED = [
    [AGAINST, A, A, N],
    [N, UNRELATED, N, N],
    [N, UNRELATED, N, N],
    [N, UNRELATED, N, N],
    [N, UNRELATED, N, N],
    [N, A, A, FAVOR],
    [N, A, N, N],
    [N, UNRELATED, N, N],
]


def vote(composer, folder):
    """Write the sentences and let the stage vote on them; return the sentences as rows."""
    rows = [
        {"sentence_id": key, "article_id": key, "index": 0, "kind": "body", "field": "text"}
        | {"start": 0, "end": len(text), "text": text, "lang": lang}
        for key, (lang, text) in SENTENCES.items()
    ]
    write_table(folder / "sentences.parquet", "sentences", rows)
    composer.run(
        "vote_sentences",
        f"sentences={folder / 'sentences.parquet'}",
        "articles=null",
        f"output={folder}",
        f"target_folder={CONFIGS / 'target'}",
        f"targets=[{','.join(TARGETS)}]",
        f"functions={{stance: [{','.join(STANCE_FUNCTIONS)}], sentiment: []}}",
    )
    return read_table(folder / "sentences.parquet", "sentences")


def matrix_in_memory(rows):
    """Ask the functions without any table between."""
    matcher = Matcher(load_targets(CONFIGS / "target", TARGETS))
    matrix = []
    for row in rows:
        (evidence,) = gather_article([row["text"]], [row["kind"]], [row["lang"]], matcher)
        for task, target in zip(STANCE_TASKS, matcher.targets, strict=True):
            question = evidence.about(target)
            item = []
            for name in sorted(STANCE_FUNCTIONS):
                function = FUNCTIONS["stance"][name]
                answer = function.vote(question) if function.applies_to(question) else N
                item.append(
                    answer if answer == N else A if answer is None else task.classes.index(answer)
                )
            matrix.append(item)
    return matrix


def test_the_matrix_from_the_table_is_the_one_in_memory(composer, tmp_path):
    rows = vote(composer, tmp_path)
    sentences, gold = read_sentences(tmp_path / "sentences.parquet", [])
    votes = read_votes([tmp_path / "votes.parquet"], sentences, tasks_for(TARGETS))
    named = read_mentions(tmp_path / "mentions.parquet", sentences, TARGETS)
    items = build_items(STANCE_TASKS, sentences, named, votes.columns["stance"], gold, ())
    assert items.matrix.labellers == ("criticised", "not_named", "plainly_named", "sought")
    assert items.matrix.votes.tolist() == EXPECTED
    assert matrix_in_memory(rows) == EXPECTED
    # Strata: Russia not named and named, the ceasefire not named and named.
    assert items.matrix.strata.tolist() == [1, 2, 0, 2, 0, 3, 1, 2]
    english, german = GROUPS.index("en"), GROUPS.index("other")
    assert items.matrix.groups.tolist() == [english] * 6 + [german] * 2


def gold_row(where, **labels):
    return GoldRow(
        where=where,
        article_ids=("a",),
        text="x",
        labels=labels,
        holder={},
        voice={},
        annotator="ada",
    )


def test_gold_stands_at_its_item_and_teaches_only_if_an_anchor(index):
    rows = {
        "s0": gold_row("anchors:1", russia="against", sentiment="negative"),
        "s2": gold_row("gold:1", gaza_ceasefire="unrelated"),
    }
    named = {target: np.zeros(3, dtype=bool) for target in TARGETS}
    given = (index(3), named, {}, Gold(rows, []), {"anchors:1"})
    stances = build_items(STANCE_TASKS, *given)
    assert stances.gold.tolist() == [AGAINST, -1, -1, -1, -1, UNRELATED]
    assert stances.anchors.tolist() == [AGAINST, -1, -1, -1, -1, -1]
    assert stances.articles.tolist() == [0, 0, 1, 1, 2, 2]
    assert stances.judged is stances.anchors
    assert stances.matrix.votes.shape == (6, 0)
    sentiments = build_items([SENTIMENT_TASK], *given)
    assert sentiments.gold.tolist() == [0, -1, -1]
    assert sentiments.matrix.strata.tolist() == [0, 0, 0]


def test_without_anchors_all_gold_judges(index):
    gold = Gold({"s1": gold_row("gold:1", sentiment="positive")}, [])
    items = build_items([SENTIMENT_TASK], index(2), {}, {}, gold, ())
    assert not items.has_anchors
    assert items.judged is items.gold


def test_the_order_of_votes_tables_changes_nothing(index):
    columns = {
        "late": np.array([[0], [1]], dtype=np.int8),
        "early": np.array([[2], [N]], dtype=np.int8),
    }
    backwards = dict(reversed(columns.items()))
    first, second = (
        build_items([SENTIMENT_TASK], index(2), {}, given, Gold({}, []), ()).matrix
        for given in (columns, backwards)
    )
    assert first.labellers == second.labellers == ("early", "late")
    assert first.votes.tolist() == second.votes.tolist() == [[2, 0], [N, 1]]
