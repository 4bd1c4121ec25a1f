from rich.console import Console

from training.drift.records import Change
from training.drift.report import changes_table, draw_changes, name_of


def change(verdict="same", lang="en", target="[b]x", **changes):
    distances = {"distance": 0.3, "threshold": 0.2, "excess": 0.2, "p": 0.01, "p_corrected": 0.02}
    about = {"feature": "names target", "lang": lang, "target": target, "shares": []}
    return Change(verdict=verdict, articles=60, reference=70, **about, **distances) | changes


def test_a_feature_is_named_with_its_language_and_target():
    assert name_of(change()) == "names target (en, [b]x)"
    assert name_of(change(lang=None, target=None)) == "names target"


def test_the_table_counts_what_has_too_few_articles():
    rows = [change("drifted"), change("too_few", p=None)]
    console = Console(width=100)
    with console.capture() as shown:
        console.print(changes_table(rows))
    text = " ".join(shown.get().split())
    assert "names target (en, [b]x)" in text
    assert "1 more have too few articles" in text
    assert "drifted" in text


def test_a_picture_is_drawn_of_whatever_was_measured(tmp_path):
    path = tmp_path / "x.svg"
    draw_changes(path, [change("drifted", target="a$b$"), change(excess=None)], 0.1)
    first = path.read_bytes()
    draw_changes(path, [change("drifted", target="a$b$"), change(excess=None)], 0.1)
    assert path.read_bytes() == first
    draw_changes(path, [], 0.1)
    assert path.read_bytes() != first
