from io import StringIO

from rich.console import Console

from training.fit.history import Epoch, Progress, epoch_line, history_table, write_history

FIRST = Epoch(
    epoch=1,
    train_loss=1 / 3,
    f_polar_pooled=0.1 + 0.2,
    macro_f1_pooled=None,
    sentiment_macro_f1=0.5,
    seconds=61.4,
    train_seconds=60.0,
)


def test_the_file_holds_the_numbers_in_full_and_nothing_for_null(tmp_path):
    write_history(tmp_path / "history.csv", [FIRST])
    assert (tmp_path / "history.csv").read_bytes().decode() == (
        "epoch,train_loss,f_polar_pooled,macro_f1_pooled,sentiment_macro_f1\n"
        "1,0.3333333333333333,0.30000000000000004,,0.5\n"
    )


def test_the_line_of_the_best_epoch_bears_a_star():
    assert epoch_line(FIRST, 1) == (
        "epoch  1  loss 0.333  dev f_polar_pooled 0.300  sentiment_macro_f1 0.500  61 s *"
    )
    assert epoch_line(FIRST, 2).endswith("61 s")


def test_the_table_shows_every_epoch_and_a_dash_for_null():
    file = StringIO()
    Console(file=file, width=120).print(history_table(Progress(1, 0.3, 1, [FIRST])))
    assert "best epoch 1" in file.getvalue()
    cells = [cell.strip() for cell in file.getvalue().splitlines()[-2].split("│")[1:-1]]
    assert cells == ["1", "0.333", "0.300", "-", "0.500"]


TAUGHT = Epoch(**FIRST, auxiliary_losses={"news": 0.25, "tone": 2.0})


def test_losses_of_auxiliary_sets_have_columns_of_their_own(tmp_path):
    write_history(tmp_path / "history.csv", [TAUGHT])
    head, line = (tmp_path / "history.csv").read_text(encoding="utf-8").splitlines()
    assert head.endswith("sentiment_macro_f1,auxiliary_loss.news,auxiliary_loss.tone")
    assert line.endswith("0.5,0.25,2.0")
    assert "loss 0.333  auxiliary_loss.news 0.250  auxiliary_loss.tone 2.000  dev" in epoch_line(
        TAUGHT, 1
    )
    file = StringIO()
    Console(file=file, width=160).print(history_table(Progress(1, 0.3, 1, [TAUGHT])))
    cells = [cell.strip() for cell in file.getvalue().splitlines()[-2].split("│")[1:-1]]
    assert cells[-2:] == ["0.250", "2.000"]
