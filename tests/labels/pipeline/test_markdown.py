from labels.pipeline.markdown import markdown_table


def test_the_first_column_stands_left_and_the_others_right():
    assert markdown_table(["", "en", "ru"], [["n", "3", "4"], ["f1", "0.5", "-"]]) == (
        "|  | en | ru |\n| --- | ---: | ---: |\n| n | 3 | 4 |\n| f1 | 0.5 | - |"
    )


def test_a_table_of_one_column_or_without_rows_is_a_table():
    assert markdown_table(["name"], [["a"]]) == "| name |\n| --- |\n| a |"
    assert markdown_table(["a", "b"], iter(())) == "| a | b |\n| --- | ---: |"


def test_a_bar_inside_a_cell_is_no_border():
    table = markdown_table(["a", "b|c"], [["favor|against", "1"]])
    assert table.splitlines()[0] == r"| a | b\|c |"
    assert table.splitlines()[2] == r"| favor\|against | 1 |"
