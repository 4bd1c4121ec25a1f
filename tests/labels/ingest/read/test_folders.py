"""Which files of folders are read, and under which names."""

from pathlib import Path

import pytest

from labels.ingest.read.folders import InputFile, walk


def names(*paths):
    return [item.name if isinstance(item, InputFile) else item.reason for item in walk(paths)]


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "input"
    for name in ("a/1.txt", "b/2.txt", "z.txt", ".hidden/3.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    other = tmp_path / "other" / "deep"
    other.mkdir(parents=True)
    (other / "4.txt").write_text("x")
    return root


def test_a_link_to_what_is_read_anyway_is_passed_over(tree):
    (tree / "0_link").symlink_to(tree / "b")
    (tree / "b" / "again.txt").symlink_to(tree / "z.txt")
    assert names(tree) == ["a/1.txt", "b/2.txt", "z.txt"]


def test_a_link_to_a_folder_elsewhere_is_read_once(tree):
    (tree / "b" / "far").symlink_to(tree.parent / "other")
    (tree / "c").symlink_to(tree.parent / "other" / "deep")
    assert names(tree) == ["a/1.txt", "b/2.txt", "b/far/deep/4.txt", "z.txt"]


def test_a_link_to_a_hidden_folder_is_read(tree):
    (tree / "seen").symlink_to(tree / ".hidden")
    assert names(tree) == ["a/1.txt", "b/2.txt", "seen/3.txt", "z.txt"]


def test_a_link_to_a_folder_that_holds_it_is_a_reject(tree):
    (tree / "a" / "up").symlink_to("../..")
    assert names(tree) == ["a/1.txt", "linked_folder", "b/2.txt", "z.txt"]


def test_a_link_back_to_its_own_input_is_passed_over(tree):
    (tree / "a" / "up").symlink_to("..")
    assert names(tree) == ["a/1.txt", "b/2.txt", "z.txt"]


def test_a_ring_of_links_ends(tree):
    (tree.parent / "other" / "back").symlink_to(tree)
    (tree / "out").symlink_to(tree.parent / "other")
    assert names(tree) == ["a/1.txt", "b/2.txt", "out/deep/4.txt", "z.txt"]


def test_links_that_lead_nowhere_are_rejects(tree):
    (tree / "lost").symlink_to(tree / "none")
    (tree / "self").symlink_to(tree / "self")
    assert names(tree) == ["a/1.txt", "b/2.txt", "broken_link", "broken_link", "z.txt"]


def test_what_is_given_twice_is_read_once(tree):
    assert names(tree, tree / "z.txt", tree / "a") == [
        "a/1.txt", "b/2.txt", "z.txt", "already_read", "already_read",
    ]  # fmt: skip


def test_files_of_one_name_are_told_apart(tree):
    for folder in ("a", "b"):
        (tree / folder / "same.txt").write_text("x")
    assert names(tree / "a" / "same.txt", tree / "b" / "same.txt") == ["same.txt", "b/same.txt"]
    assert names(tree / "a", tree / "b") == ["1.txt", "same.txt", "2.txt", "b/same.txt"]


def test_standard_input_has_a_name():
    assert names(Path("-")) == ["stdin"]
