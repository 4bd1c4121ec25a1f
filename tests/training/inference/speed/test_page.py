from training.inference.speed.page import cost_rows, page_text, peak_rows, speed_rows, step_rows


def test_speeds_have_their_least_and_most_and_a_dash_where_nothing_is_known(speed):
    ours, stock = speed_rows(speed)
    assert ours == (
        "fp32",
        "36.0 (18.0-72.0)",
        "12.0 (6.0-24.0)",
        "6.0 (3.0-12.0)",
        "0.50 (0.25-1.00)",
    )
    assert stock[0] == "stock, batch 8 (best)"
    assert stock[4] == "-"


def test_costs_have_their_units_digits(speed):
    ours, stock = cost_rows(speed)
    assert ours == ("fp32", "40.0", "90.0", "1,234", "65.0")
    assert stock[1:] == ("-", "-", "-", "-")


def test_a_peak_says_by_what_and_with_which_matrices(speed):
    assert peak_rows(speed) == [("fp32", "80.0 (40.0-160.0)", "torch.mm", "1024 x 1024")]


def test_steps_add_up_to_the_time_of_an_article(speed):
    # 5 ms to read and 20 ms to score are 25 ms, 40 articles a second
    assert step_rows(speed["steps"]) == [
        ("read", "200", "-", "20.0%"),
        ("score", "50.0", "156", "80.0%"),
        ("all, one after the other", "40.0", "-", "100.0%"),
    ]


def test_the_page_says_where_how_often_and_on_what(speed):
    page = page_text(speed, "page.svg").replace("\n", " ")
    for part in (
        "2 cores of X (avx2, fma), threads: 2; torch 2.1. Everything was",
        "in each of 3 rounds, one after the other, for about 2.5 s",
        "![Sentences a second](page.svg)",
        "| fp32 | 36.0 (18.0-72.0) |",
        "sentences of `news` (seed 13)",
        "heads are random",
        "4: 4.5, 8: 6.0",
        "| fp32 | 1,500 | 300 | 41.2 | 1.25 | 120 |",
        "| score | 50.0 | 156 | 80.0% |",
    ):
        assert part in page, part
    speed["machine"]["instructions"] = []
    assert "2 cores of X (instruction sets unknown)" in page_text(speed, "page.svg")
