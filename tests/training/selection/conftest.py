"""Candidates that differ in what a test asks of them."""

import pytest

from training.selection.candidates import Candidate


@pytest.fixture
def candidate():
    def make(number, lang="en", text=None, cells=(), unsureness=None, disagreement=0.0):
        return Candidate(
            sentence_id=f"a#{number}",
            article_id="a",
            lang=lang,
            text=text or " ".join(3 * [f"{chr(97 + number % 26)}{chr(97 + number // 26)}x"]),
            cells=tuple(cells),
            labels={},
            unsureness=unsureness,
            unsure_of="oic",
            disagreement=disagreement,
            divided_on="russia",
        )

    return make
