import io

from rich.console import Console

from training.report.terminal import scores_table


def test_the_table_has_a_row_for_all_each_target_and_each_language(small_scores):
    scores, _ = small_scores
    console = Console(file=io.StringIO(), width=80)
    console.print(scores_table(scores, "dev"))
    lines = console.file.getvalue().splitlines()
    assert "dev: 2 sentences of 2 articles" in lines[0]
    rows = {line.split("  ")[0].strip(): line.split() for line in lines if line.strip()}
    # favor: 1 right, 2 named, 1 gold; against: none of 1 found; neutral: right
    assert rows["all targets"][2:] == [
        "3",
        "0.67",
        "(1)",
        "0.00",
        "(1)",
        "1.00",
        "(1)",
        "0.333",
        "-",
    ]
    assert rows["ru"] == ["ru", "1", "-", "(0)", "-", "(0)", "1.00", "(1)", "-", "-"]
    assert {"russia", "oic", "en"} <= set(rows)
    text = " ".join(lines)
    assert "f_polar_pooled 0.333 [" in text
    assert "sentiment_macro_f1 -" in text
    assert "holder right 0.500 (n 2), voice right - (n 0)" in text
