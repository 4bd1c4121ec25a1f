import re

from training.experiments.target_page import Point, Score, draw_target_curve

POINTS = [
    Point(
        "rules",
        None,
        {"f_polar": Score(0.11, 0.1, 0.2, [0.11]), "macro_f1": Score(0.21, 0.2, 0.3, [0.21])},
    ),
    Point(
        "model",
        0,
        {"f_polar": Score(0.32, 0.3, 0.4, [0.32]), "macro_f1": Score(0.42, 0.4, 0.5, [0.42])},
    ),
    Point(
        "model",
        50,
        {
            "f_polar": Score(0.54, 0.5, 0.6, [0.53, 0.55]),
            "macro_f1": Score(0.64, 0.6, 0.7, [0.63, 0.65]),
        },
    ),
]


def test_each_panel_draws_its_own_score_and_rules_as_a_line(tmp_path):
    path = tmp_path / "curve.svg"
    draw_target_curve(path, POINTS, "Westland")
    told = re.findall(r'aria-label="([^"]*)"', path.read_text(encoding="utf-8"))
    start = next(i for i, text in enumerate(told) if "f_polar; dashed: rules" in text)
    panels = "; ".join(told[:start]), "; ".join(told[start:])
    values = [re.findall(r"(?:value|each): (0\.\d+)", panel) for panel in panels]
    assert values == [
        ["0.32", "0.32", "0.53", "0.55", "0.11"],  # the line's first, the draws, the rules
        ["0.42", "0.42", "0.63", "0.65", "0.21"],
    ]
    assert panels[0].count("labelled sentences about Westland: 50; each") == 2
