"""Label sentences with the export that this file lies in; no more than this folder is needed.

    pip install numpy onnxruntime tokenizers
    python stance.py --lang en "The OIC welcomed the ceasefire in Gaza."
    python stance.py --lang en < sentences.txt > stance.jsonl

It writes a line of JSON for each sentence. In Python, with this folder on the path:

    from stance import StanceModel
    model = StanceModel()
    model(["The OIC welcomed the ceasefire in Gaza."], langs=["en"])
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from labels.languages import LANGUAGES
from labels.pipeline.errors import ConfigError, DataError
from training.contract.records import LabelledSentence, Labels
from training.export.artifact import Variant
from training.inference.model import CHUNK_SENTENCES
from training.inference.model import StanceModel as Exported
from training.inference.processor import AskedVariant

_HERE = Path(__file__).parent


class StanceModel:
    """The export, for sentences that are taken as they are; answers as ``predict_stance``."""

    def __init__(
        self, folder: str | Path = _HERE, threads: int = 0, variant: str = Variant.fp32
    ) -> None:
        """Load the export and verify its checksums.

        Args:
            folder: Export folder; the one that this file lies in.
            threads: Processor threads; 0 takes as many as there are cores.
            variant: One that the export holds, or ``auto``: what is faster on this processor.

        Raises:
            ConfigError: The folder is no export, or holds no such variant.
            DataError: A file of it was changed or is missing, or it is of another version.
        """
        self._model = Exported(folder, threads, variant)
        self.targets = self._model.targets
        self.variant = self._model.variant

    def __call__(
        self,
        sentences: Iterable[str],
        langs: Iterable[str | None] | None = None,
        abstain_risk: float | None = None,
    ) -> list[Labels]:
        """Label sentences, in order.

        Args:
            sentences: Plain text, one sentence each.
            langs: The language of each, by which datelines are known and probabilities are right
                for it; None where it is not known: they are right for all languages together.
            abstain_risk: Share of the answers of a label that may be wrong, in (0, 1): one that is
                not sure enough is marked as ``abstained``.

        Raises:
            ConfigError: A language or the risk is none.
            DataError: A sentence is no text, or holds half of a character.
        """
        if isinstance(sentences, str):
            raise DataError("sentences: expected a list of them, got one text")
        texts = list(sentences)
        known = [None] * len(texts) if langs is None else list(langs)
        _check(texts, known, abstain_risk)
        found: list[Labels] = []
        for start in range(0, len(texts), CHUNK_SENTENCES):
            chunk = slice(start, start + CHUNK_SENTENCES)
            found += self._model(texts[chunk], langs=known[chunk], abstain_risk=abstain_risk)
        return found


def _check(
    sentences: Sequence[str], langs: Sequence[str | None], abstain_risk: float | None
) -> None:
    if len(langs) != len(sentences):
        raise ConfigError(f"langs: expected {len(sentences)}, one a sentence, got {len(langs)}")
    for number, lang in enumerate(langs):
        if lang is not None and lang not in LANGUAGES:
            raise ConfigError(
                f"langs[{number}]: expected None or one of {', '.join(LANGUAGES)}, got {lang!r}"
            )
    if abstain_risk is not None and not 0 < abstain_risk < 1:
        raise ConfigError(f"abstain_risk: expected (0, 1), got {abstain_risk}")
    for number, text in enumerate(sentences):
        if not isinstance(text, str):
            raise DataError(f"sentences[{number}]: expected text, got {type(text).__name__}")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            place = f"sentences[{number}], character {error.start}"
            raise DataError(f"{place}: expected whole characters, got half of one") from error


def main() -> int:
    """Label the sentences of the command line, or of standard input, one a line.

    Returns:
        What the program exits with: 0, 1 for a wrong sentence or export, 2 for a wrong option.
    """
    asked = _arguments()
    try:
        model = StanceModel(asked.model, asked.threads, asked.variant)
        for texts in _chunks(asked.sentences):
            langs = [asked.lang] * len(texts)
            for text, labels in zip(texts, model(texts, langs, asked.abstain_risk), strict=True):
                _write(text, asked.lang, labels)
    except (ConfigError, DataError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2 if isinstance(error, ConfigError) else 1
    except BrokenPipeError:  # nobody reads on, as behind `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _arguments() -> Namespace:
    about, _, more = (__doc__ or "").partition("\n\n")
    parser = ArgumentParser(
        description=about, epilog=more, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "sentences", nargs="*", help="each is labelled as it is; none: lines of standard input"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of all; left out: not known")
    parser.add_argument(
        "--abstain-risk",
        type=float,
        metavar="SHARE",
        help="mark answers of which more than this share may be wrong, such as 0.1",
    )
    parser.add_argument("--variant", choices=list(AskedVariant), default=Variant.fp32.value)
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    parser.add_argument("--model", type=Path, default=_HERE, help="export folder; this one")
    return parser.parse_args()


def _chunks(given: Sequence[str]) -> Iterator[list[str]]:
    """Give sentences by the chunk that is labelled together; one by one to who types them."""
    sentences = iter(given) if given else _lines()
    size = 1 if not given and sys.stdin.isatty() else CHUNK_SENTENCES
    while chunk := list(islice(sentences, size)):
        yield chunk


def _lines() -> Iterator[str]:
    """Read standard input; an empty line is no sentence."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            found = f"0x{line[error.start]:02x} at byte {error.start}"
            raise DataError(f"line {number}: expected UTF-8, found {found}") from error
        if text.strip():
            yield text.removesuffix("\n").removesuffix("\r")


def _write(text: str, lang: str | None, labels: Labels) -> None:
    line: LabelledSentence = {"text": text, "lang": lang, **labels}
    sys.stdout.buffer.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
