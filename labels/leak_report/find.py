"""Look for leaks in the table ``splits`` itself, without trust in how it was made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from labels.ingest.duplicates import group_near_duplicates, sketch_of
from labels.ingest.settings import NearDuplicateSettings
from labels.leak_report.records import Leak, Leaks, Shared, SplitFacts
from labels.letters import normalize
from labels.pipeline.schema import Split
from labels.pipeline.tables import Row
from labels.split.overlap import OverlapIndex

Rows = Sequence[Row]
KINDS = ("articles", "groups", "near_copies", "equal_sentences", "overlaps")  # those that leak


def find_leaks(
    rows: Rows, near: NearDuplicateSettings, ngram_words: int, max_shared: float, shown: int
) -> Leaks:
    """Compare every two splits.

    Args:
        rows: Of the table ``splits``.
        near: What near-duplicates are; of an article its sentences in the table are compared.
        ngram_words: Words of an n-gram.
        max_shared: Fraction of the n-grams of the shorter of two sentences that makes an overlap.
        shown: So many leaks are named.
    """
    by_split = {
        split.value: chosen
        for split in Split
        if (chosen := [row for row in rows if row["split"] == split])
    }
    copies = _copies(rows, near)
    found: list[Leak] = []
    pairs = []
    for first, second in combinations(by_split, 2):
        sides = by_split[first], by_split[second]
        leaks = _shared(*sides, copies)
        leaks["overlaps"] = _overlaps(*sides, ngram_words, max_shared)
        for kind in KINDS:
            found += [
                Leak(kind=kind, first=f"{first} {a}", second=f"{second} {b}")
                for a, b in leaks[kind]
            ]
        outlets = _values(sides[0], "source") & _values(sides[1], "source")
        counts = {kind: len({a for a, _ in leaks[kind]}) for kind in KINDS}
        pairs.append(
            Shared(
                first=first,
                second=second,
                articles=counts["articles"],
                groups=counts["groups"],
                near_copies=counts["near_copies"],
                equal_sentences=counts["equal_sentences"],
                overlaps=counts["overlaps"],
                outlets=len(outlets),
            )
        )
    train = by_split.get(Split.train.value, [])
    return Leaks(
        leaks=len(found),
        splits={split: _facts(chosen, train) for split, chosen in by_split.items()},
        pairs=pairs,
        found=found[:shown],
    )


def _shared(
    first: Rows, second: Rows, copies: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Pair the ids of two splits that have the same article, group, near-copy or words."""
    return {
        "articles": [(name, name) for name in sorted(_articles(first) & _articles(second))],
        "groups": [
            (name, name)
            for name in sorted(_values(first, "group_id") & _values(second, "group_id"))
        ],
        "near_copies": _meeting(
            {row["article_id"]: copies[row["article_id"]] for row in first},
            {row["article_id"]: copies[row["article_id"]] for row in second},
        ),
        "equal_sentences": _meeting(_words(first), _words(second)),
    }


def _meeting(first: Mapping[str, str], second: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pair each id of the first with the smallest one of the second that has its value."""
    with_value: dict[str, str] = {}
    for name, value in sorted(second.items()):
        with_value.setdefault(value, name)
    return sorted(
        (name, with_value[value])
        for name, value in first.items()
        if value in with_value and with_value[value] != name
    )


def _overlaps(first: Rows, second: Rows, n: int, fraction: float) -> list[tuple[str, str]]:
    index = OverlapIndex([row["text"] for row in second], n)
    return [
        (row["sentence_id"], second[places[0]]["sentence_id"])
        for row in first
        if (places := index.matches(row["text"], fraction))
    ]


def _copies(rows: Rows, near: NearDuplicateSettings) -> dict[str, str]:
    """Group the articles anew by the sentences that the table has of them."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        texts[row["article_id"]].append(row["text"])
    sketches = ((name, sketch_of("\n".join(text), near)) for name, text in texts.items())
    return group_near_duplicates(sketches, near)


def _facts(rows: Rows, train: Rows) -> SplitFacts:
    days = sorted(_values(rows, "published"))
    newest = max(_values(train, "published"), default=None)
    return SplitFacts(
        sentences=len(rows),
        articles=len(_articles(rows)),
        outlets=len(_values(rows, "source")),
        dated=sum(row["published"] is not None for row in rows),
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        later=sum(newest is not None and (row["published"] or "") > newest for row in rows),
        new_outlets=len(_values(rows, "source") - _values(train, "source")),
        new_languages=sorted(_values(rows, "lang") - _values(train, "lang")),
        new_targets=sorted(_targets(rows) - _targets(train)),
    )


def _values(rows: Rows, column: str) -> set[str]:
    return {row[column] for row in rows if row[column]}


def _articles(rows: Rows) -> set[str]:
    return _values(rows, "article_id")


def _targets(rows: Rows) -> set[str]:
    return {stance["target"] for row in rows for stance in row["stances"]}


def _words(rows: Rows) -> dict[str, str]:
    return {row["sentence_id"]: normalize(row["text"]).casefold() for row in rows}
