"""What a run of ``ingest_articles`` counts, writes as ``ingest.json`` and shows."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from labels.ingest.clean.boilerplate import Boilerplate
from labels.ingest.read.record import Note
from labels.pipeline.schema import Reject
from labels.pipeline.tables import Row

RECURRENCE = "recurrence"  # the rule's name where a piece was removed because it recurs


def _counters() -> defaultdict[str, Counter[str]]:
    return defaultdict(Counter)


@dataclass
class Tally:
    """What is counted on the way."""

    inputs: int = 0
    repaired: int = 0
    without_text: int = 0
    without_date: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    group_sizes: Counter[str] = field(default_factory=Counter)
    removed: defaultdict[str, Counter[str]] = field(default_factory=_counters)
    rules: Counter[str] = field(default_factory=Counter)
    noted: defaultdict[str, Counter[str]] = field(default_factory=_counters)
    boilerplate: Boilerplate = field(default_factory=Boilerplate)

    def add_reject(self, reject: Reject) -> None:
        """Count an input that is no article."""
        self.inputs += 1
        self.reasons[reject.reason] += 1

    def add_cleaned(self, lang: str, removed: Iterable[Row], is_repaired: bool) -> None:
        """Count an input that became an article, and what was left out of it."""
        self.inputs += 1
        self.repaired += is_repaired
        kinds = self.removed[lang]
        for row in removed:
            kinds[row["kind"]] += 1
            self.rules[row["rule"]] += 1

    def add_notes(self, notes: Iterable[Note]) -> None:
        """Count what of an input was understood in part, or mended."""
        for note in notes:
            self.noted[note.kind][note.detail] += 1

    def add_article(self, row: Row) -> None:
        """Count an article as it is stored."""
        self.languages[row["lang"]] += 1
        self.group_sizes[row["group_id"]] += 1
        self.without_text += not row["text"]
        self.without_date += row["published"] is None

    @property
    def in_shared_groups(self) -> int:
        """Count the articles that nearly repeat another one."""
        return sum(size for size in self.group_sizes.values() if size > 1)

    def report(self) -> dict[str, object]:
        """Return the counts as ``ingest.json`` has them."""
        sizes = self.group_sizes.values()
        return {
            "inputs": self.inputs,
            "articles": self.languages.total(),
            "articles_by_language": dict(self.languages),
            "articles_without_text": self.without_text,
            "articles_without_date": self.without_date,
            "repaired_mojibake": self.repaired,
            "rejects": self.reasons.total(),
            "rejects_by_reason": dict(self.reasons),
            "removed_by_language_and_kind": _plain(self.removed),
            "removed_by_rule": dict(self.rules),
            "noted": _plain(self.noted),
            "boilerplate": {
                "removed": self.rules[RECURRENCE],
                "sources": self.boilerplate.as_json(),
            },
            "groups": len(sizes),
            "articles_in_shared_groups": self.in_shared_groups,
            "largest_group": max(sizes, default=0),
        }

    def show(self, seconds: float, console: Console) -> None:
        """Print the table of the run."""
        rate = self.inputs / seconds if seconds else 0.0
        table = Table(title=f"ingest_articles: {self.inputs} inputs, {rate:.0f}/s")
        table.add_column("what")
        table.add_column("n", justify="right")
        for lang, count in sorted(self.languages.items()):
            table.add_row(f"articles, {lang}", str(count))
        if self.without_text:
            table.add_row("articles that are a headline alone", str(self.without_text))
        for reason, count in sorted(self.reasons.items()):
            table.add_row(f"rejects, {reason}", str(count))
        for name, counters in (("removed", self.removed), ("noted", self.noted)):
            for key, counts in sorted(counters.items()):
                if counts:
                    listed = ", ".join(f"{what} {n}".strip() for what, n in sorted(counts.items()))
                    table.add_row(f"{name}, {key}: {listed}", str(counts.total()))
        pieces = sum(map(len, self.boilerplate.sources.values()))
        if pieces:
            where = f"{pieces} in {len(self.boilerplate.sources)} sources"
            table.add_row(f"recurring lines and sentences, {where}", str(self.rules[RECURRENCE]))
        table.add_row("near-duplicate groups", str(len(self.group_sizes)))
        table.add_row("articles in a group with others", str(self.in_shared_groups))
        console.print(table)


def _plain(counters: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(counts) for name, counts in counters.items()}
