import subprocess
import sys

from training.data.marks import Mark, mark_matrix, mark_tokens

#           <s>     ▁q:     ▁Mos    cow     ▁and    </s>
OFFSETS = [(0, 0), (0, 2), (2, 6), (6, 9), (9, 13), (0, 0)]
BEFORE = 3  # "q: "


def test_tokens_that_a_mention_covers_or_cuts_are_marked():
    assert mark_tokens(OFFSETS, [(1, 0, 6)], BEFORE) == [Mark(2, 1), Mark(3, 1)]
    assert mark_tokens(OFFSETS, [(0, 2, 4)], BEFORE) == [Mark(2, 0), Mark(3, 0)]


def test_neither_the_prefix_nor_special_tokens_are_marked():
    marked = mark_tokens(OFFSETS, [(0, 0, 100)], BEFORE)
    assert {mark.token for mark in marked} == {2, 3, 4}
    without_prefix = mark_tokens([(0, 0), (0, 3), (0, 0)], [(0, 0, 3)], 0)
    assert without_prefix == [Mark(1, 0)]


def test_a_token_may_name_two_targets_and_names_none_twice():
    mentions = [(0, 0, 3), (0, 0, 6), (2, 0, 6)]
    assert mark_tokens(OFFSETS, mentions, BEFORE)[:2] == [Mark(2, 0), Mark(2, 2)]


def test_no_mention_is_no_mark():
    assert mark_tokens(OFFSETS, [], BEFORE) == []


def test_marks_are_laid_out_by_sentence_token_and_target():
    matrix = mark_matrix([[], [Mark(2, 1)]], 3, 2)
    assert matrix.shape == (2, 3, 2)
    assert matrix.nonzero() == ([1], [2], [1])


def test_marks_need_no_torch():
    code = "import sys, training.data.marks; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
