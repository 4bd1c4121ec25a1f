from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import ClassVar

import pytest
from omegaconf import MISSING, OmegaConf

from labels.pipeline.errors import ConfigError
from labels.pipeline.settings import Range, Settings, check, filled, ranged, resolve, to_json


class Kind(Enum):
    plain = "plain"
    fancy = "fancy"


@dataclass(kw_only=True)
class Inner(Settings):
    SECTION: ClassVar[str] = "inner"
    rate: float = ranged(above=0, below=1)


@dataclass(kw_only=True)
class Outer(Settings):
    SECTION: ClassVar[str] = "outer"
    count: int = ranged(at_least=1)
    most: float | None = ranged(at_least=0)
    weights: list[float] = ranged(at_least=0, at_most=1)
    sizes: dict[str, float] = ranged(at_least=0)
    names: list[str] = filled()
    kind: Kind = MISSING
    folder: Path = MISSING
    inner: Inner = field(default_factory=Inner)

    def problems(self):
        if sum(self.sizes.values()) > 10:
            yield f"sizes: expected a sum of at most 10, got {sum(self.sizes.values())}"


GOOD = {
    "count": 3,
    "most": None,
    "weights": [0.5],
    "sizes": {"a": 1.0},
    "names": ["x"],
    "kind": Kind.plain,
    "folder": Path("a b"),
    "inner": Inner(rate=0.5),
}


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Range(at_least=0), "at least 0"),
        (Range(above=0), "more than 0"),
        (Range(at_least=1_000), "at least 1,000"),
        (Range(at_least=0, at_most=1), "[0, 1]"),
        (Range(above=0, at_most=1), "(0, 1]"),
        (Range(at_least=0, below=1), "[0, 1)"),
        (Range(above=0.5, below=1_000_000), "(0.5, 1,000,000)"),
    ],
)
def test_a_range_is_told_in_words_or_brackets(limits, text):
    assert str(limits) == text


@pytest.mark.parametrize(
    ("limits", "inside", "outside"),
    [
        (Range(at_least=0), [0, 0.5, 10**9], [-1, -1e-9]),
        (Range(above=0), [1e-9, 1], [0, -1]),
        (Range(at_least=0, at_most=1), [0, 1], [-0.1, 1.1]),
        (Range(above=0, below=1), [0.5], [0, 1]),
    ],
)
def test_a_range_holds_its_closed_ends_and_not_its_open_ones(limits, inside, outside):
    assert [number in limits for number in inside] == [True] * len(inside)
    assert [number in limits for number in outside] == [False] * len(outside)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_no_range_holds_what_is_not_finite(number):
    assert number not in Range(at_least=0)
    with pytest.raises(ConfigError, match=f"outer.most: expected at least 0, got {number}"):
        Outer(**GOOD | {"most": number})


def test_settings_within_their_ranges_are_taken():
    assert Outer(**GOOD).count == 3


def test_every_number_of_a_list_and_of_a_mapping_is_checked():
    with pytest.raises(ConfigError) as caught:
        Outer(**GOOD | {"weights": [0.5, 2.0, -1.0], "sizes": {"a": 1.0, "b": -2.0}})
    assert str(caught.value).splitlines() == [
        "outer.weights: expected [0, 1], got 2.0",
        "outer.weights: expected [0, 1], got -1.0",
        "outer.sizes: expected at least 0, got -2.0",
    ]


def test_all_problems_of_a_section_are_told_at_once_its_own_checks_last():
    with pytest.raises(ConfigError) as caught:
        Outer(**GOOD | {"count": 0, "names": [], "sizes": {"a": 11.0}})
    assert str(caught.value).splitlines() == [
        "outer.count: expected at least 1, got 0",
        "outer.names: expected at least one, got none",
        "outer.sizes: expected a sum of at most 10, got 11.0",
    ]


def test_a_setting_without_a_value_is_in_no_range_yet():
    assert Inner().rate == MISSING


def test_a_check_without_problems_passes():
    check("outer", [])
    with pytest.raises(ConfigError, match=r"^outer\.a\nouter\.b$"):
        check("outer", ["a", "b"])


def composed(**values):
    return OmegaConf.merge(OmegaConf.structured(Outer), values)


WHOLE = {
    "count": 3,
    "most": None,
    "weights": [],
    "sizes": {},
    "names": ["x"],
    "kind": "fancy",
    "folder": "data/غزة",
    "inner": {"rate": 0.5},
}


def test_a_composed_config_becomes_its_dataclass():
    found = resolve(composed(**WHOLE), Outer)
    assert type(found) is Outer
    assert (found.kind, found.folder) == (Kind.fancy, Path("data/غزة"))
    assert found.inner == Inner(rate=0.5)


def test_every_missing_value_is_named_even_of_an_inner_section():
    values = {key: value for key, value in WHOLE.items() if key not in ("count", "inner")}
    with pytest.raises(ConfigError, match=r"^no value for: count, inner\.rate$"):
        resolve(composed(**values), Outer)


def test_a_value_out_of_range_keeps_its_message_through_omegaconf():
    with pytest.raises(ConfigError, match=r"^inner\.rate: expected \(0, 1\), got 2\.0$"):
        resolve(composed(**WHOLE | {"inner": {"rate": 2.0}}), Outer)


def test_a_config_of_another_schema_is_refused():
    with pytest.raises(ConfigError, match="expected a Inner, got Outer"):
        resolve(composed(**WHOLE), Inner)
    with pytest.raises(ConfigError, match="expected a Outer, got dict"):
        resolve(OmegaConf.create({"count": 1}), Outer)


def test_settings_turn_into_json_values():
    assert to_json(Outer(**GOOD)) == {
        "count": 3,
        "most": None,
        "weights": [0.5],
        "sizes": {"a": 1.0},
        "names": ["x"],
        "kind": "plain",
        "folder": "a b",
        "inner": {"rate": 0.5},
    }
