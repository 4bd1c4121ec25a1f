"""What a run of ``predict_stance`` counts, writes as ``OUTPUT.meta.json`` and shows."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from labels.pipeline.files import sha256_of
from labels.pipeline.schema import STANCES, Reject
from training.contract.records import Counts, Labels, Summary
from training.inference.labelling import Labelled
from training.inference.settings import PredictSettings

_NUMBERS = ("articles", "sentences", "repeated", "long_sentences", "abstained", "rewritten")


class Run:
    """The counts of a run: inputs are articles and rejects, a text is sentences and removed."""

    def __init__(self, targets: Sequence[str]) -> None:
        """Begin with nothing counted; ``targets`` are the keys, in the order of the export."""
        self.targets = list(targets)
        self.seconds = 0.0  # that labelling took, in this run alone
        self.before = 0  # sentences of the run that this one goes on from
        self.articles = 0
        self.sentences = 0
        self.repeated = 0  # of them, answered as an earlier one
        self.long_sentences = 0
        self.abstained = 0  # answers
        self.rewritten = 0  # articles whose text is not the input's own
        self.rejects: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self.noted: dict[str, Counter[str]] = {}
        self.labels: dict[str, Counter[str]] = {target: Counter() for target in targets}

    def add_reject(self, reject: Reject) -> None:
        """Count an input that is no article."""
        self.rejects[reject.reason] += 1

    def add_article(self, labelled: Labelled) -> None:
        """Count an article, what was left out of it, and what of it was understood in part."""
        prepared = labelled.prepared
        self.articles += 1
        self.sentences += len(labelled.records)
        self.repeated += labelled.repeated
        self.rewritten += prepared.record.is_rewritten or prepared.record.is_page
        self.removed.update(span.kind for span in prepared.removed)
        for note in prepared.record.notes:
            self.noted.setdefault(note.kind, Counter())[note.detail] += 1

    def add_labels(self, labels: Labels) -> None:
        """Count what a sentence was labelled."""
        self.long_sentences += "parts" in labels
        for target, answer in labels["stance"].items():
            self.labels[target][answer["label"]] += 1
        answers = (labels["sentiment"], *labels["stance"].values())
        self.abstained += sum(answer.get("abstained", False) for answer in answers)

    def state(self) -> dict[str, Any]:
        """Return all counts, as JSON values."""
        return {
            "counts": {name: getattr(self, name) for name in _NUMBERS},
            "rejects": self.rejects,
            "removed": self.removed,
            "noted": self.noted,
            "labels": self.labels,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the counts of another run."""
        self.add(state)
        self.before += state["counts"]["sentences"]

    def add(self, state: Mapping[str, Any]) -> None:
        """Add the counts of another run."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + state["counts"][name])
        self.rejects.update(state["rejects"])
        self.removed.update(state["removed"])
        for kind, counts in state["noted"].items():
            self.noted.setdefault(kind, Counter()).update(counts)
        for target, counts in state["labels"].items():
            self.labels[target].update(counts)

    @property
    def inputs(self) -> int:
        """Count all inputs."""
        return self.articles + self.rejects.total()

    def key(self, settings: PredictSettings, export_hash: str, variant: str) -> str:
        """Return what is the same for two runs whose records are the same for the same input."""
        found = (export_hash, variant, _hash_of(settings), str(settings.remember))
        return ":".join((metadata.version("sikap"), *found))

    def summary(self, settings: PredictSettings, export_hash: str, variant: str) -> Summary:
        """Return the line of ``OUTPUT.meta.json``."""
        return Summary(
            version=metadata.version("sikap"),
            export_hash=export_hash,
            variant=variant,
            config_hash=_hash_of(settings),
            counts=Counts(
                inputs=self.inputs,
                articles=self.articles,
                rejects=self.rejects.total(),
                sentences=self.sentences,
                repeated=self.repeated,
                long_sentences=self.long_sentences,
                abstained=self.abstained,
                removed=self.removed.total(),
            ),
            rejects_by_reason=dict(sorted(self.rejects.items())),
            removed_by_kind=dict(sorted(self.removed.items())),
            noted={kind: dict(sorted(counts.items())) for kind, counts in self.noted.items()},
        )

    def show(self, console: Console, output: Path | str, rejects: str, removed: str) -> None:
        """Print the table of the run; ``rejects`` and ``removed`` end the names of those files."""
        table = Table(title=f"{self.sentences} sentences of {self.articles} articles")
        table.add_column("target")
        for name in STANCES:
            table.add_column(name, justify="right")
        for target, found in self.labels.items():
            table.add_row(target, *(str(found[name]) for name in STANCES))
        console.print(table)
        for line in (*self._lines(output, rejects, removed), f"written: {output}"):
            console.print(line, highlight=False, markup=False, soft_wrap=True)

    def _lines(self, output: Path | str, rejects: str, removed: str) -> list[str]:
        """Say what stands below the table."""
        n_rejects = self.rejects.total()
        lines = [f"inputs {self.inputs} = articles {self.articles} + rejects {n_rejects}"]
        if self.rejects:
            lines[0] += f" ({_listed(self.rejects)}; see {output}{rejects})"
        if self.removed:
            lines.append(f"left out as clutter: {_listed(self.removed)}; see {output}{removed}")
        for kind, counts in sorted(self.noted.items()):
            lines.append(f"noted, {kind}: {_listed(counts)}")
        if self.repeated:
            lines.append(f"answered as an earlier sentence that is the same: {self.repeated}")
        if self.long_sentences:
            lines.append(f"too long to be read at once, scored in parts: {self.long_sentences}")
        if self.abstained:
            lines.append(f"too unsure for the risk that was asked for: {self.abstained} answers")
        if self.seconds:
            rate = (self.sentences - self.before) / self.seconds
            lines.append(f"{rate:.1f} sentences a second")
        return lines


def _hash_of(settings: PredictSettings) -> str:
    """Hash the settings that change records."""
    chosen = {
        "unit": settings.unit.value,
        "source": settings.source,
        "fields": settings.fields,
        "boilerplate": sha256_of(settings.boilerplate) if settings.boilerplate else None,
        "max_megabytes": settings.max_megabytes,
        "abstain_risk": settings.abstain_risk,
    }
    return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}".strip() for name, count in sorted(counts.items()))
