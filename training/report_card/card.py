"""The content of the card, section by section: what the template is filled with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from babel import Locale, UnknownLocaleError

from labels.metrics.calibration_file import Calibration
from labels.metrics.f1 import confusion
from labels.metrics.records import SplitScores
from labels.pipeline.schema import SENTIMENT, SENTIMENT_TASK, SENTIMENTS, STANCE, STANCES
from training.report_card import charts
from training.report_card.curves import reliability, risk_by_coverage
from training.report_card.data import LENGTH_END, LENGTH_STEP, DataFacts, shared_by_splits
from training.report_card.intervals import Figure
from training.report_card.page import Cell, Chart, Line, Tile
from training.report_card.scored import Scored
from training.report_card.slices import ALL, POLAR, Measuring, Slice

RIGHT_TO_LEFT = "right-to-left"
REASONS = {  # of split_examples, in words
    "train_overlaps_held_out": "of train: nearly a sentence of dev or test",
    "dev_overlaps_held_out": "of dev: nearly a sentence of test",
    "test_overlaps_held_out": "of test: nearly another sentence held out",
    "held_out_without_gold": "of dev or test: a label is not gold",
    "scored_only": "of train: its article is only to be scored",
    "near_duplicate_held_out": "of an article of which a near copy is held out",
    "undated": "without a date, so perhaps later than what is held out",
    "unseen_language": "of train: in a language that is held out",
    "unseen_target": "of train: it has labels of held-out targets alone",
}
_STANCE_COLUMNS = (  # head, figure, style
    ("f_polar", "f_polar", "score"),
    ("+ neutral", "macro_related", "score"),
    ("+ unrelated", "macro_f1", "score"),
    ("related", "related", "score"),
    ("holder", "holder", "percent"),
    ("voice", "voice", "percent"),
    ("too sure", "sure", "points"),
)
_HISTORY = {
    "f_polar_pooled": "f_polar",
    "macro_f1_pooled": "macro-F1",
    "sentiment_macro_f1": "sentiment",
}

Section = dict[str, Any]  # names of the template


@dataclass(frozen=True)
class Names:
    """What keys are called, and in which direction languages are written."""

    names: dict[str, str]
    directions: dict[str, str]

    def of(self, key: str) -> str:
        """Name a target or language."""
        return self.names.get(key, key)


def names_of(targets: Mapping[str, str], langs: Sequence[str]) -> Names:
    """Name targets and languages.

    Args:
        targets: Names of targets, by key.
        langs: Codes; one that nobody knows is its own name.
    """
    names = {**targets, ALL: "all", SENTIMENT_TASK.key: "sentiment"}
    directions = {}
    for lang in langs:
        try:
            locale = Locale.parse(lang)
        except (UnknownLocaleError, ValueError):
            continue
        names[lang] = locale.get_display_name("en") or lang
        if locale.character_order == RIGHT_TO_LEFT:
            directions[lang] = "rtl"
    return Names(names, directions)


def tiles(stances: Sequence[Slice], sentiments: Sequence[Slice]) -> list[Tile]:
    """Choose the figures that stand first."""
    found = stances[0].figures
    return [
        Tile("f_polar", found["f_polar"], "mean F1 of favor and against: the headline"),
        Tile(
            "Positions found",
            found["found"],
            "of the positions that there are, called by their name",
            "percent",
        ),
        Tile("Related or not", found["related"], "F1 of being about the target at all"),
        Tile(
            "Whose position",
            found["holder"],
            "of gold's positions, the holder is right",
            "percent",
        ),
        Tile("Sentiment", sentiments[0].figures["macro_f1"], "mean F1 of the three"),
    ]


def slice_section(
    rows: Scored,
    stances: Sequence[Slice],
    voices: Mapping[str, Sequence[Slice]],
    sentiments: Sequence[Slice],
    names: Names,
) -> Section:
    """Lay out targets, languages and voices."""
    shares: dict[str, Counter[str]] = {}
    for target in dict.fromkeys(rows.tasks.tolist()):
        own = rows[rows.tasks == target]
        for who, ids in (("gold", own.gold), ("model", own.labels)):
            shares[f"{names.of(target)}, {who}"] = Counter(
                STANCES[i] for i in ids.tolist() if STANCES[i] != "unrelated"
            )
    return {
        "forest": charts.forest(
            stances, "f_polar", names.names, "f_polar by target and language, with intervals"
        ),
        "answered": Chart(
            charts.class_shares(shares, STANCES[:3], "Shares of the stances, gold and model"),
            "What gold and the model say of the sentences that are about a target.",
        ),
        "stance_heads": ("Target, language", *(head for head, *_ in _STANCE_COLUMNS)),
        "stance_rows": [
            Line(
                _head(one, names),
                [Cell(one.figures[name], style) for _, name, style in _STANCE_COLUMNS],
                strong=one.lang == ALL,
            )
            for one in stances
        ],
        "voice_heads": ("Target, language", *voices),
        "voice_rows": [
            Line(
                _head(one[0], names),
                [Cell(cell.figures["found"], "percent") for cell in one],
                strong=one[0].lang == ALL,
            )
            for one in zip(*voices.values(), strict=True)
        ],
        "sentiment_heads": ("Language", "macro-F1", "right", "too sure"),
        "sentiment_rows": [
            Line(
                names.of(one.lang),
                [
                    Cell(one.figures["macro_f1"]),
                    Cell(one.figures["right"], "percent"),
                    Cell(one.figures["sure"], "points"),
                ],
                strong=one.lang == ALL,
            )
            for one in sentiments
        ],
    }


def _head(one: Slice, names: Names) -> str:
    target = "All targets" if one.target == ALL else names.of(one.target)
    return f"{target}, {'all languages' if one.lang == ALL else names.of(one.lang)}"


def target_section(scores: SplitScores) -> Section:
    """Lay out whether answers depend on the target asked."""
    gain, swap = scores["target_gain"], scores["target_swap"]
    measures = {
        "Answers gained by asking about the right target": Figure(
            gain["n"], gain["gain"], gain["low"], gain["high"], gain.get("reason", "")
        ),
        "Answers that follow the mark when it is moved to another target": Figure(
            swap["n"], swap["changed"], swap["low"], swap["high"], swap.get("reason", "")
        ),
    }
    return {
        "target_rows": [Line(name, [Cell(one, "percent")]) for name, one in measures.items()],
    }


def confusion_section(stances: Scored, sentiments: Scored, names: Names) -> Section:
    """Draw a confusion matrix of each task."""
    found = []
    for rows in (stances, sentiments):
        classes = rows.scheme.classes
        for task in dict.fromkeys(rows.tasks.tolist()):
            own = rows[rows.tasks == task]
            counts = confusion(own.gold, own.labels, len(classes))
            name = names.of(task)
            svg = charts.confusion_matrix(counts, classes, f"Confusion matrix: {name}")
            found.append(Chart(svg, f"{name[:1].upper()}{name[1:]}, n {len(own):,}"))
    return {"confusions": found}


def confidence_section(
    raw: Sequence[Scored],
    scaled: Sequence[Scored],
    calibration: Calibration,
    split: str,
    names: Names,
    measuring: Measuring,
) -> Section:
    """Lay out calibration and risk.

    Args:
        raw: Stances and sentiments, as the model gave them.
        scaled: The same under temperatures.
        calibration: As ``calibrate_model`` wrote it.
        split: That the rows are of.
        names: Of languages.
        measuring: How bands are measured.
    """
    curves = []
    for before, after in zip(raw, scaled, strict=True):
        if len(after):
            lines = {
                "scaled": reliability(after, measuring),
                "as the model gave it": reliability(before, measuring),
            }
            name = after.scheme.name
            svg = charts.curves(
                lines, ("confidence", "right"), f"Reliability of {name}", diagonal=True
            )
            caption = f"{name.capitalize()}, n {len(after):,}: above the dotted line it is too "
            curves.append(Chart(svg, caption + "modest, below it too sure."))
    stances, sentiments = scaled
    polar = np.isin(stances.labels, POLAR)
    coverages = []
    for name, rows in (
        ("answers favor and against", stances[polar]),
        ("all stances", stances),
        (SENTIMENT.name, sentiments),
    ):
        points = risk_by_coverage(rows, measuring)
        if points:
            svg = charts.curves(
                {name: points}, ("answers kept, the surest", "wrong"), f"Risk by coverage: {name}"
            )
            caption = f"Of the surest {name}, how many are wrong; n {len(rows):,}."
            coverages.append(Chart(svg, caption.replace("surest all", "surest of all")))
    is_fitted = calibration["split"] == split
    return {
        "reliabilities": curves,
        "coverages": coverages,
        "gap_rows": _gap_rows(calibration, names) if is_fitted else [],
        **_given(calibration, scaled if is_fitted else ()),
    }


def _gap_rows(calibration: Calibration, names: Names) -> list[Line]:
    def written(value: float | None) -> str:
        return "none" if value is None else f"{value:.3f}"

    return [
        Line(
            f"{scheme}, {names.of(lang)}",
            [f"{gap['n']:,}", written(gap["before"]), written(gap["after"])],
            strong=lang == ALL,
        )
        for scheme in (STANCE.name, SENTIMENT.name)
        for lang, gap in calibration["gaps"].get(scheme, {}).items()
    ]


def _given(calibration: Calibration, scaled: Sequence[Scored]) -> Section:
    rows: list[Line] = []
    heads = ["Answer", "n"]
    for one in scaled:
        for label, cells in calibration["abstained"].get(one.scheme.name, {}).items():
            n = int((one.labels == one.scheme.classes.index(label)).sum())
            heads[2:] = [f"risk {cell['asked']:.0%}" for cell in cells]
            texts = [
                f"{cell['coverage']:.0%} given"
                + ("" if cell["risk"] is None else f", {cell['risk']:.1%} wrong")
                for cell in cells
            ]
            rows.append(Line(f"{one.scheme.name} {label}", [f"{n:,}", *texts]))
    return {"given_heads": heads, "given_rows": rows}


def training_section(history: Sequence[Mapping[str, float | None]], best: int) -> Section:
    """Draw what the epochs gave."""
    scores = charts.training_curve(history, _HISTORY, best, "Scores on dev by epoch")
    loss = charts.training_curve(history, {"train_loss": "loss"}, best, "Training loss by epoch")
    return {
        "trainings": [
            Chart(scores, "Scores on dev after each epoch; the dotted one was kept."),
            Chart(loss, "Mean loss of each epoch in training."),
        ]
    }


def data_section(facts: DataFacts, tasks: Sequence[str], names: Names) -> Section:
    """Lay out how much data there is, of what kind."""
    heads = ("Split", "sentences", "articles", "gold", *(names.of(lang) for lang in facts.langs))
    rows: list[Line] = []
    label_rows: list[Line] = []
    for split in facts.splits:
        whole = facts.part(split)
        by_lang = {lang: facts.part(split, lang) for lang in facts.langs}
        numbers = (whole.sentences, len(whole.articles), whole.gold)
        counts = (one.sentences for one in by_lang.values())
        rows.append(Line(split, [f"{n:,}" for n in (*numbers, *counts)]))
        for lang, part in by_lang.items():
            for task in tasks:
                own = [part.labels[task, name] for name in _ALL_CLASSES]
                if any(own):
                    head = f"{split}, {names.of(lang)}, {names.of(task)}"
                    label_rows.append(Line(head, [f"{n:,}" if n else "" for n in own]))
    shares = {
        f"{split}, {names.of(task)}": {
            name: facts.part(split).labels[task, name] for name in STANCES
        }
        for split in facts.splits
        for task in tasks
        if task != SENTIMENT_TASK.key
    }
    lengths: dict[str, Counter[int]] = {}
    for (_, lang), part in facts.parts.items():
        lengths.setdefault(names.of(lang), Counter()).update(part.lengths)
    return {
        "data_heads": heads,
        "data_rows": rows,
        "label_heads": ("Split, language, task", *_ALL_CLASSES),
        "label_rows": label_rows,
        "data_charts": [
            Chart(
                charts.class_shares(shares, STANCES, "Stances by split and target"),
                "Stances of each split and target.",
            ),
            Chart(
                charts.histogram(lengths, LENGTH_STEP, LENGTH_END, "Length of sentences"),
                f"How long sentences are, by language; the last bar holds those of {LENGTH_END} "
                "characters and more.",
            ),
        ],
    }


_ALL_CLASSES = tuple(dict.fromkeys((*STANCE.classes, *SENTIMENTS)))


def leak_section(facts: DataFacts, dropped: Mapping[str, int], groups_in_two: int) -> Section:
    """Lay out what two splits share, and what was left out for it."""
    shared = shared_by_splits(facts)
    leaks = groups_in_two + sum(one.articles + one.sentences for one in shared)
    answer = (
        "No article, near copy or sentence stands in two splits."
        if not leaks
        else "Yes: see the table. What is scored was in part trained on; the figures are too high."
    )
    return {
        "leaks": leaks,
        "leak_answer": answer,
        "leak_rows": [
            Line(f"{one.first} and {one.second}", [f"{one.articles:,}", f"{one.sentences:,}"])
            for one in shared
        ],
        "dropped_rows": [
            Line(REASONS.get(reason, reason), [f"{n:,}"]) for reason, n in dropped.items()
        ],
    }
