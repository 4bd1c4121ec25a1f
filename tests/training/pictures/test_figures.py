from labels.pipeline.schema import tasks_for
from training.pictures.figures import draw_confusions, draw_curve, draw_rates


def test_a_matrix_for_each_task_and_the_same_bytes_again(prediction, tmp_path):
    rows = [prediction("oic", "favor", "against"), prediction("sentiment", "neutral", "neutral")]
    pictures = []
    for name in ("first.svg", "second.svg"):
        draw_confusions(tmp_path / name, rows, tasks_for(["oic"]))
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0] == pictures[1]
    for title in (b"<!-- oic (n 1) -->", b"<!-- sentiment (n 1) -->", b"<!-- against -->"):
        assert title in pictures[0]


def test_a_single_task_is_drawn_too(prediction, tmp_path):
    draw_confusions(tmp_path / "p.svg", [], tasks_for([]))
    assert b"<!-- sentiment (n 0) -->" in (tmp_path / "p.svg").read_bytes()


def test_a_score_that_is_not_known_is_a_gap_in_the_curve(tmp_path):
    known = {
        "f_polar_pooled": 0.5,
        "f_polar_pooled_low": 0.4,
        "f_polar_pooled_high": 0.6,
        "macro_f1_pooled": 0.7,
        "sentiment_macro_f1": 0.8,
    }
    points = [
        {"train_sentences": 500} | dict.fromkeys(known),
        {"train_sentences": 1000} | known,
        {"train_sentences": 2000} | known,
    ]
    draw_curve(tmp_path / "curve.svg", points)
    picture = (tmp_path / "curve.svg").read_bytes()
    assert b"<!-- 1,000 -->" in picture
    assert b"nan" not in picture


def test_rates_are_bars_with_their_names_and_figures(tmp_path):
    rates = {"ours": (36.7, 35.0, 37.0), "stock, batch 1": (3.2, 3.2, 3.2)}
    draw_rates(tmp_path / "rates.svg", rates)
    picture = (tmp_path / "rates.svg").read_bytes()
    for text in (b"<!-- ours -->", b"<!-- stock, batch 1 -->", b"<!-- 36.7 -->", b"<!-- 3.2 -->"):
        assert text in picture
    draw_rates(tmp_path / "again.svg", rates)
    assert (tmp_path / "again.svg").read_bytes() == picture
