"""What the sentences of an article say together: counts, holders, and the strongest of them."""

from collections import Counter
from collections.abc import Sequence

from labels.pipeline.schema import POLAR_STANCES, SENTIMENTS, STANCES
from training.contract.records import (
    ArticleSummary,
    HolderCounts,
    Record,
    StrongSentence,
    TargetSummary,
)
from training.inference.labelling import Labelled, id_of, provenance_of

_HOLDERS = 10  # of a target that are listed, the most frequent first
_STRONGEST = 3  # sentences of a stance that are listed


def summarize_article(labelled: Labelled, targets: Sequence[str]) -> ArticleSummary:
    """Sum up the records of an article."""
    prepared, records = labelled.prepared, labelled.records
    tones = Counter(record["sentiment"]["label"] for record in records)
    return {
        "id": id_of(prepared.record),
        "lang": prepared.article.lang,
        "sentences": len(records),
        "stance": {target: _summarize_target(target, records) for target in targets},
        "sentiment": {name: tones[name] for name in SENTIMENTS},
        **provenance_of(prepared),
    }


def _summarize_target(target: str, records: Sequence[Record]) -> TargetSummary:
    labels = Counter(record["stance"][target]["label"] for record in records)
    voices = {name: Counter[str]() for name in POLAR_STANCES}
    holders: dict[str | None, Counter[str]] = {}  # by name; None is the author
    spellings: dict[str | None, str] = {}  # the first of each name
    strongest: list[StrongSentence] = []
    for record in records:
        answer = record["stance"][target]
        stance = answer["label"]
        if stance not in POLAR_STANCES:
            continue
        if "voice" in answer:
            voices[stance][answer["voice"]] += 1
        if "holder" in answer:
            text = answer["holder"].get("text")
            name = text.casefold() if text else None
            spellings.setdefault(name, text or "")
            holders.setdefault(name, Counter())[stance] += 1
        strongest.append(
            StrongSentence(
                sentence_id=record["sentence_id"],
                label=stance,
                probability=answer["probabilities"][stance],
                text=record["text"],
            )
        )
    strongest.sort(key=lambda found: -found["probability"])  # stable: equal ones in reading order
    return TargetSummary(
        labels={name: labels[name] for name in STANCES},
        voices={name: dict(sorted(found.items())) for name, found in voices.items()},
        holders=[
            _holder(name, spellings[name], found)
            for name, found in sorted(
                holders.items(), key=lambda item: (-item[1].total(), item[0] or "")
            )[:_HOLDERS]
        ],
        strongest=[
            sentence
            for name in POLAR_STANCES
            for sentence in [found for found in strongest if found["label"] == name][:_STRONGEST]
        ],
    )


def _holder(name: str | None, text: str, counts: Counter[str]) -> HolderCounts:
    found = HolderCounts(favor=counts["favor"], against=counts["against"])
    if name is None:
        found["author"] = True
    else:
        found["text"] = text
    return found
