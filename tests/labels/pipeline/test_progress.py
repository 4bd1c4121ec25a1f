import io

from rich.console import Console

from labels.pipeline.progress import meter


def lines_of(total, times, done=0):
    out = io.StringIO()
    console = Console(file=out, width=200)
    clock = iter([0.0, *times])
    with meter(console, "training", "sentences", total, done, lambda: next(clock)) as progress:
        for _ in times:
            progress.advance(300)
    return out.getvalue().splitlines()


def test_a_line_every_half_minute_tells_rate_and_time_left_where_there_is_no_terminal():
    assert lines_of(6000, [10, 30, 45, 59.9, 61]) == [
        "training: 600 of 6,000 sentences, 20 a second, 4 min 30 s left",
        "training: 1,500 of 6,000 sentences, 25 a second, 3 min 3 s left",
    ]


def test_short_work_says_nothing():
    assert lines_of(600, [10, 20]) == []


def test_the_rate_leaves_out_what_was_done_before():
    assert lines_of(2000, [100], done=1000) == [
        "training: 1,300 of 2,000 sentences, 3.0 a second, 3 min 53 s left"
    ]


def test_where_the_total_is_not_known_the_count_and_the_rate_are_told():
    assert lines_of(None, [30]) == ["training: 300 sentences, 10 a second"]


def test_a_terminal_has_a_bar():
    out = io.StringIO()
    console = Console(file=out, width=200, force_terminal=True, force_interactive=True)
    with meter(console, "training", "sentences", 2) as progress:
        progress.advance(2)
    assert "2/2" in out.getvalue()
    assert "sentences" in out.getvalue()
