"""A variant of an export, as Python code uses it: text in, records out."""

from collections.abc import Sequence
from pathlib import Path

from training.export.artifact import EXPORT_FILE, VARIANT_FILES, Variant
from training.inference.model import StanceModel
from training.inference.speed.contender import Contender


class Exported(Contender):
    """A variant of an export."""

    def __init__(self, folder: Path, threads: int, variant: Variant) -> None:
        """Open it; see `StanceModel`."""
        self._folder, self._variant = folder, variant
        self._model = StanceModel(folder, threads, variant)

    def label(self, sentences: Sequence[str]) -> int:
        """Make the records of sentences; one that cannot be read is not counted."""
        found = self._model.predict(sentences, show_progress=False)
        return sum(set(record["stance"]) == {*self._model.targets} for record in found)

    def megabytes(self) -> float:
        """Give the size of the files that this variant needs."""
        names = (*VARIANT_FILES[self._variant].all, EXPORT_FILE)
        return sum((self._folder / name).stat().st_size for name in names) / 1e6
