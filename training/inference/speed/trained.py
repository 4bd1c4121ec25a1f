"""The trained model in torch, as scoring uses it: text in, probabilities and spans out."""

from collections.abc import Sequence
from pathlib import Path

from labels.pipeline.tables import Row
from training.data.examples import tokenize_examples
from training.inference.mentions import MentionFinder
from training.inference.speed.contender import Contender
from training.model.precision import prepare_runtime
from training.model.predict import predict
from training.model.settings import Precision, RuntimeSettings
from training.model.store import load_model

_BATCH = 32  # sentences of similar length


class Trained(Contender):
    """A trained model in the number format that is fastest here, see `prepare_runtime`."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Load it; see `load_model`."""
        settings = RuntimeSettings(precision=Precision.auto, threads=threads)
        self.precision = prepare_runtime(settings)
        self._folder = folder
        self._model = load_model(folder)
        self._finder = MentionFinder(self._model.targets)

    def label(self, sentences: Sequence[str]) -> int:
        """Find the names of the targets, tokenise and predict; no records are made."""
        rows = [self._row(text) for text in sentences]
        model = self._model
        examples = tokenize_examples(rows, model.tasks, model.tokenizer, model.prefix)
        found = predict(model.classifier, examples, model.pad_id, _BATCH, self.precision)
        return min(len(logits) for logits in found.logits.values())

    def format(self) -> str:
        """Name the number format of its products."""
        return self.precision.value

    def megabytes(self) -> float:
        """Give the size of the model folder."""
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file()) / 1e6

    def _row(self, text: str) -> Row:
        """Make a row of the table ``splits`` that has no label."""
        named = self._finder.in_sentence(text)
        mentions = [{"target": key, "start": start, "end": end} for key, start, end in named]
        return {"text": text, "lang": "", "stances": [], "sentiment": None, "mentions": mentions}
