"""The pages: one that shows it all, and one with the sentences of each cell."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from labels.pipeline.schema import STANCES, VOICES, Stance
from training.shares.corpus import ArticleInfo, Corpus
from training.shares.estimators import Ids
from training.shares.records import CellFields

EVIDENCE = "evidence"  # folder of the pages of cells
INDEX = "index.html"
_LINKED = ("http", "https")
_LONGEST_TITLE = 300  # characters that are shown
_LONGEST_TEXT = 2_000
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def evidence_path(cell: str) -> str:
    """Name the page of a cell below the output folder."""
    return f"{EVIDENCE}/{cell}.html"


def safe_url(url: str | None) -> str | None:
    """Return an address that may be linked: http or https, with a host; else None."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in _LINKED and parts.netloc else None


def shortened(text: str, most: int) -> str:
    """Cut a long text and say how much is left out."""
    return text if len(text) <= most else f"{text[:most]} … (+{len(text) - most:,} characters)"


@cache
def _library() -> Markup:
    """Return the program that draws charts in a browser."""
    library = vl_convert.javascript_bundle(_SNIPPET)
    assert "</script" not in library  # it would end the element that it stands in
    return Markup(library)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("training.shares", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_index(folder: Path, **shown: Any) -> None:  # noqa: ANN401 - what the template shows
    """Write the page that shows it all; it holds its charts and the library that draws them."""
    page = _templates().get_template("index.html").render(library=_library(), **shown)
    (folder / INDEX).write_text(page, encoding="utf-8")


def write_evidence(
    folder: Path,
    fields: CellFields,
    shares: Sequence[Mapping[str, Any]],
    corpus: Corpus,
    places: Ids,
    most: int,
) -> None:
    """Write the page of a cell: its shares, and its sentences, the surest positions first.

    Args:
        folder: The output folder.
        fields: What the cell is.
        shares: Its rows of the table ``shares``, of both countings.
        corpus: Where the sentences stand.
        places: Of the sentences of the cell.
        most: Sentences that are shown.
    """
    shown = list(_sentences(corpus, fields["target"], places, most))
    page = (
        _templates()
        .get_template("evidence.html")
        .render(fields=fields, shares=shares, sentences=shown, total=len(places))
    )
    path = folder / evidence_path(fields["cell"])
    path.parent.mkdir(exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _sentences(
    corpus: Corpus, target: str, places: Ids, most: int
) -> Iterable[dict[str, str | float | None]]:
    answers = corpus.answers[target]
    labels = answers.labels[places]
    sure = answers.probabilities[places, labels]
    is_rest = labels >= STANCES.index(Stance.neutral)
    order = sorted(range(len(places)), key=lambda i: (bool(is_rest[i]), -float(sure[i]), i))
    for i in order[:most]:
        place = int(places[i])
        info: ArticleInfo = corpus.articles[int(corpus.article_of[place])]
        voice = int(answers.voices[place])
        yield {
            "label": STANCES[int(labels[i])],
            "probability": float(sure[i]),
            "voice": VOICES[voice] if voice >= 0 else None,
            "text": shortened(corpus.texts[place], _LONGEST_TEXT),
            "title": shortened(info.title or info.article_id, _LONGEST_TITLE),
            "url": safe_url(info.url),
            "published": info.published,
            "lang": info.lang,
        }
