"""The data card of the corpus in the format of a model hub, made of the corpus's own files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labels.corpus.read import (
    DISAGREEMENTS,
    GOLD,
    MANIFEST,
    SECOND_READING,
    Problem,
    Record,
    by_language,
    read_records,
)
from labels.pipeline.errors import DataError
from labels.pipeline.markdown import markdown_table
from labels.pipeline.schema import SENTIMENT_TASK, VOICES, Task, tasks_for

SCORED_ONLY = "scored_only.jsonl"
LICENSE = "cc-by-4.0"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MEANINGS = {
    "id": "of the sentence",
    "lang": "language, a code of ISO 639-1",
    "article_id": "its article, as the manifest has it",
    "text": "the sentence, exactly as it stands in the article",
    "sentiment": "tone of the sentence",
    "holder": "target -> whose position it is: words of the sentence, or `author`",
    "voice": "target -> how the position is expressed",
    "annotator": "who gave the labels",
    "cases": "kinds of hard cases that the sentence is one of",
}


_FICTION = """**All of it is fiction, written for training and testing a program.** States, bodies,
places and well-known leaders are real names; nothing here is evidence of what anyone said or did.
`data/sample/README.md` of the project tells at length how it was written and read twice, and sets
it beside real news. Written by `make check-corpus WRITE=true` from the files of the corpus."""
_USES = """- **For** training and testing programs that find stance and sentiment, where no other
  data is at hand.
- **Not for** learning about the events, measuring what outlets or states say, or judging a model
  for real use: score that on real text."""
_LIMITS = """- Writer, second reader and judge are the same kind of model, with the same blind
  spots; agreement between them says nothing about agreement between people.
- Positions are more frequent than in real news, above all towards the OIC, and sentences without
  any target are fewer: a model that is trained here finds a few positions too many.
- The dates are invented with the rest: a later one is no other time.
- Real leaders act, meet and travel here, and are not quoted. Do not show a sentence without saying
  that it is fiction."""


@dataclass(frozen=True)
class Files:
    """The records of the files that the card is made of."""

    gold: Sequence[Record]
    manifest: Sequence[Record]
    second: Sequence[Record]
    disagreements: Sequence[Record]
    scored_only: Sequence[Record]


def read_files(folder: Path) -> Files:
    """Read what the card is made of.

    Raises:
        DataError: A line is no record.
    """
    problems: list[Problem] = []
    extra = folder / SCORED_ONLY
    files = Files(
        gold=read_records(folder / GOLD, problems),
        manifest=read_records(folder / MANIFEST, problems),
        second=read_records(folder / SECOND_READING, problems),
        disagreements=read_records(folder / DISAGREEMENTS, problems),
        scored_only=read_records(extra, problems) if extra.is_file() else [],
    )
    if problems:
        raise DataError(str(problems[0]))
    return files


def hub_card(files: Files, targets: Sequence[str]) -> str:
    """Write the card: the block of YAML that a hub reads, then what people read.

    Args:
        files: Of the corpus.
        targets: Keys of the targets that every gold row labels.
    """
    gold, manifest = by_language(files.gold), by_language(files.manifest)
    langs = sorted(gold)
    tasks = tasks_for(targets)
    n = len(files.gold)
    differ = len({record["id"] for record in files.disagreements})
    sections = [
        f"---\n{_block(langs, n)}\n---",
        "# sikap: stance and sentiment in news, a corpus of fiction",
        f"{n:,} sentences of {len(files.manifest):,} invented news articles, posts and headlines "
        f"in {len(langs)} languages ({', '.join(langs)}), each labelled with its stance towards "
        f"{len(targets)} targets ({', '.join(f'`{target}`' for target in targets)}), the holder "
        "and the voice of every position, and its sentiment.",
        _FICTION,
        "## Uses",
        _USES,
        "## Structure",
        "### Languages",
        markdown_table(
            (
                "language",
                "sentences",
                "articles",
                "outlets",
                "first day",
                "last day",
                "without a date",
            ),
            [_language(lang, gold[lang], manifest.get(lang, [])) for lang in langs],
        ),
        "### Labels",
        *_labels(gold, langs, tasks),
        "### Positions",
        _positions(files.gold, targets),
        "### Hard cases",
        _cases(files.gold, langs),
        f"### Fields of `{GOLD}`",
        markdown_table(("field", "type", "meaning"), _fields(files.gold, targets)),
        "### Splits",
        "None is given: the project deals whole near-duplicate groups, by language, target and "
        f"stance. The {len(files.scored_only):,} articles of `{SCORED_ONLY}` are for dev and test "
        "and never train.",
        "## Creation",
        _creation(files, differ),
        "## Bias, risks and limits",
        _LIMITS,
        "## Licence",
        "CC BY 4.0. Code: Apache-2.0.",
    ]
    return "\n\n".join(sections) + "\n"


def _block(langs: Sequence[str], n: int) -> str:
    from huggingface_hub import DatasetCardData  # slow to import, and only for this

    data = DatasetCardData(
        language=list(langs),
        license=LICENSE,
        pretty_name="sikap: stance and sentiment in news (fiction)",
        annotations_creators=["machine-generated"],
        language_creators=["machine-generated"],
        multilinguality="multilingual",
        size_categories=next((name for size, name in _SIZES if n < size), "n>1M"),
        source_datasets=["original"],
        task_categories=["text-classification"],
        task_ids=["sentiment-classification"],
        tags=["stance-detection", "news", "synthetic"],
        configs=[{"config_name": "gold", "data_files": GOLD}],
    )
    block: str = data.to_yaml()
    return block


def _language(lang: str, gold: Sequence[Record], articles: Sequence[Record]) -> list[str]:
    days = sorted(record["published"] for record in articles if record["published"])
    outlets = {record["outlet"] for record in articles if record["outlet"]}
    return [
        lang,
        f"{len(gold):,}",
        f"{len(articles):,}",
        f"{len(outlets):,}",
        days[0] if days else "none",
        days[-1] if days else "none",
        f"{len(articles) - len(days):,}",
    ]


def _labels(
    gold: Mapping[str, Sequence[Record]], langs: Sequence[str], tasks: Iterable[Task]
) -> list[str]:
    """Write a table of each task: its classes by language."""
    tables = []
    for task in tasks:
        counts = {lang: Counter(record[task.key] for record in gold[lang]) for lang in langs}
        rows = [[lang, *(f"{counts[lang][name]:,}" for name in task.classes)] for lang in langs]
        total = sum(counts.values(), Counter[str]())
        rows.append(["all", *(f"{total[name]:,}" for name in task.classes)])
        tables.append(markdown_table((f"`{task.key}`", *task.classes), rows))
    return tables


def _positions(gold: Sequence[Record], targets: Sequence[str]) -> str:
    rows = []
    for target in targets:
        voices = Counter((record["voice"] or {}).get(target) for record in gold)
        holders = [(record["holder"] or {}).get(target) for record in gold]
        named = [holder for holder in holders if holder]
        by_author = sum(holder == "author" for holder in named)
        rows.append(
            [
                f"`{target}`",
                f"{len(named):,}",
                f"{by_author:,}",
                *(f"{voices[voice]:,}" for voice in VOICES),
            ]
        )
    heads = ("target", "with a holder", "of them the author", *(f"voice {name}" for name in VOICES))
    return markdown_table(heads, rows)


def _cases(gold: Sequence[Record], langs: Sequence[str]) -> str:
    counts = Counter((case, record["lang"]) for record in gold for case in record["cases"] or [])
    cases = sorted({case for case, _ in counts})
    return markdown_table(
        ("case", *langs), [[case, *(f"{counts[case, lang]:,}" for lang in langs)] for case in cases]
    )


def _fields(gold: Sequence[Record], targets: Sequence[str]) -> list[tuple[str, str, str]]:
    """List the fields that stand in gold, in their order, with the types found there."""
    kinds: dict[str, set[str]] = {}
    for record in gold:
        for name, value in record.values.items():
            kinds.setdefault(name, set()).add(_KINDS.get(type(value), type(value).__name__))
    classes = {task.key: task.classes for task in tasks_for(targets)}
    rows = []
    for name, found in kinds.items():
        meaning = _MEANINGS.get(name) or f"stance towards `{name}`"
        if name in classes:
            meaning += ": " + ", ".join(classes[name])
        rows.append((f"`{name}`", " or ".join(sorted(found)), meaning))
    return rows


_KINDS = {str: "text", dict: "mapping", list: "list", type(None): "null"}


def _creation(files: Files, differ: int) -> str:
    n = len(files.gold)
    genres = Counter(record["genre"] for record in files.manifest)
    common = ", ".join(f"{name} {count:,}" for name, count in genres.most_common(8))
    fields = Counter(_kind(record["field"]) for record in files.disagreements)
    by_field = ", ".join(f"{name} {count:,}" for name, count in sorted(fields.items()))
    n_fiction = sum(record["fiction"] is True for record in files.manifest)
    return (
        f"- **Texts**: {_makers(files.manifest, 'author')} wrote all {len(files.manifest):,} "
        f"articles; {n_fiction:,} are marked as fiction. {len(genres)} genres, the most frequent: "
        f"{common}.\n"
        f"- **Labels**: by {_makers(files.gold, 'annotator')}, sentence by sentence. "
        f"{len(files.second):,} sentences were read a second time without the first labels "
        f"(`{SECOND_READING}`). The readings differ in {len(files.disagreements):,} labels of "
        f"{differ:,} sentences ({differ / max(n, 1):.1%}): {by_field}. Each difference was settled "
        f"with a reason (`{DISAGREEMENTS}`)."
    )


def _kind(field: str) -> str:
    """Name what a disagreement is about: a target's stance, a holder, a voice, the sentiment."""
    head, dot, _ = field.partition(":")
    return head if dot or head == SENTIMENT_TASK.key else "stance"


def _makers(records: Sequence[Record], column: str) -> str:
    """Say which kinds of annotators there are: ``model:NAME`` is a language model."""
    kinds = Counter(str(record[column]).partition(":")[0] for record in records)
    names = {"model": "a language model", "person": "people"}
    return " and ".join(names.get(kind, kind) for kind, _ in kinds.most_common())
