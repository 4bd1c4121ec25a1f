"""Articles drawn from sources whose words, names and lengths are known."""

import numpy as np
import pytest

from training.drift.read import Line, Side, Text

WORDS = [a + b for a in ("ba", "de", "ki", "lo", "mu", "ra") for b in ("nar", "sel", "tov", "gim")]
TOPICS = 6


@pytest.fixture(scope="session")
def draw_texts():
    """Draw articles: each has a topic of its own, so that its words and names hang together."""

    def draw(
        rng: np.random.Generator, n=120, lang="en", russia=0.3, topics=TOPICS, source="Gazette"
    ):
        texts = []
        for number in range(n):
            topic = rng.integers(topics) if topics == TOPICS else TOPICS + rng.integers(topics)
            own = [f"{word}{'abcdefghij'[topic]}" for word in WORDS[:8]]
            is_of_russia = rng.random() < russia
            lines = []
            for place in range(rng.integers(2, 7)):
                words = [str(rng.choice(WORDS + own * 2)) for _ in range(rng.integers(5, 30))]
                if is_of_russia and rng.random() < 0.7:
                    words[0] = "Moscow"
                lines.append(
                    Line(
                        sentence_id=f"{lang}{number}#{place}",
                        kind="body",
                        text=" ".join(words),
                        answers={},
                    )
                )
            texts.append(
                Text(
                    article_id=f"{lang}{number}",
                    group=f"{lang}{number}",
                    lang=lang,
                    source=source if rng.random() < 0.5 else "Herald",
                    published=f"2024-01-{number % 28 + 1:02}",
                    lines=lines,
                )
            )
        return texts

    return draw


@pytest.fixture(scope="session")
def side(tmp_path_factory):
    """Make a side of articles."""

    def make(texts, form="articles"):
        return Side(tmp_path_factory.mktemp("side") / "x", form, texts, len(texts))

    return make


@pytest.fixture(scope="session")
def settings(composer):
    """Compose the settings, with fewer draws."""

    def make(**changes):
        given = {"articles": "a", "reference": "b", "output": "out", "permutations": 199}
        words = [f"{name}={value}" for name, value in {**given, **changes}.items()]
        return composer.settings("check_drift", *words)

    return make


@pytest.fixture(scope="session")
def matcher(composer):
    from labels.targets import Matcher
    from labels.targets.read import load_targets

    chosen = composer.settings("check_drift", "articles=a", "reference=b", "output=c")
    return Matcher(load_targets(chosen.target_folder, chosen.targets))
