import subprocess
import sys

import pytest

from training.data.marks import Mark, in_sentence, mark_matrix, mark_tokens

#           <s>     ▁q:     ▁Mos    cow     ▁and    </s>
TOKENISED = [(0, 0), (0, 2), (2, 6), (6, 9), (9, 13), (0, 0)]
OFFSETS = in_sentence(TOKENISED, before=3)  # "q: "


def test_offsets_count_from_the_start_of_the_sentence_and_the_rest_is_empty():
    assert OFFSETS.tolist() == [[0, 0], [0, 0], [0, 3], [3, 6], [6, 10], [0, 0]]
    assert in_sentence([], before=3).shape == (0, 2)


def test_tokens_that_a_mention_covers_or_cuts_are_marked():
    assert mark_tokens(OFFSETS, [(1, 0, 6)]) == [Mark(2, 1), Mark(3, 1)]
    assert mark_tokens(OFFSETS, [(0, 2, 4)]) == [Mark(2, 0), Mark(3, 0)]


def test_neither_the_prefix_nor_special_tokens_are_marked():
    marked = mark_tokens(OFFSETS, [(0, 0, 100)])
    assert {mark.token for mark in marked} == {2, 3, 4}
    without_prefix = mark_tokens(in_sentence([(0, 0), (0, 3), (0, 0)], 0), [(0, 0, 3)])
    assert without_prefix == [Mark(1, 0)]


def test_a_token_may_name_two_targets_and_names_none_twice():
    mentions = [(0, 0, 3), (0, 0, 6), (2, 0, 6)]
    assert mark_tokens(OFFSETS, mentions)[:2] == [Mark(2, 0), Mark(2, 2)]


def test_no_mention_is_no_mark():
    assert mark_tokens(OFFSETS, []) == []


def test_marks_are_laid_out_by_sentence_token_and_target():
    matrix = mark_matrix([[], [Mark(2, 1)]], 3, 2)
    assert matrix.shape == (2, 3, 2)
    assert matrix.nonzero() == ([1], [2], [1])


@pytest.mark.parametrize("module", ["marks", "attribution"])
def test_what_an_export_needs_loads_neither_torch_nor_tables(module):
    code = f"import sys, training.data.{module}; print({{'torch', 'datasets'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
