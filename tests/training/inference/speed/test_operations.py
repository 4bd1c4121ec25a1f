import pytest

from tests.conftest import TARGETS, classifier_settings
from training.inference.description import read_description
from training.inference.speed.operations import Operations, count_operations, operations_of
from training.model.classifier import build_classifier
from training.model.settings import CrossEncoderSettings, EncodeOnceSettings

# Of the tiny backbone and classifiers in tests/conftest.py.
L, H, F, W = 2, 32, 64, 16
T, Q, C, S, P, V = 3, 4, 4, 3, 64, 3


def encoder(n):
    return L * (2 * n * (4 * H**2 + 2 * H * F) + 4 * n**2 * H)


def reread(n):
    return 2 * n * 8 * H**2 + 4 * n**2 * H


def by_hand(n):
    """Add up the formulas of the module's docstring."""
    return (
        encoder(n)
        + 2 * T * H**2
        + 2 * n * T * H  # marks
        + 2 * (2 * n + Q) * H**2
        + 4 * n * Q * H  # questions
        + 2 * n * H
        + 2 * n * T * H  # averages
        + 2 * T * (4 * H * W + W * C)
        + 2 * (4 * H * W + W * S)  # heads
        + reread(n)
        + 2 * T * 8 * H**2
        + 2 * n * H**2
        + 4 * n * T * H
        + 4 * n * H * P  # holders
        + 2 * T * (4 * H * W + W * V)  # voices
    )


@pytest.fixture
def build(tiny_backbone):
    def build(kind):
        settings = classifier_settings(kind)
        return build_classifier(settings, tiny_backbone, list(TARGETS.values()), "q: ").eval()

    return build


def test_the_encoder_of_one_token_is_what_a_person_counts():
    # two layers: 4 projections of 32 x 32, two inner ones of 32 x 64, and two products of one token
    assert encoder(1) == 2 * (2 * (4 * 1024 + 2 * 2048) + 2 * 2 * 32)


@pytest.mark.parametrize("n", [3, 9, 31])
def test_torch_counts_what_the_formulas_say(build, n):
    assert count_operations(build(EncodeOnceSettings.KIND), T, n) == by_hand(n)


def test_three_counts_give_those_of_every_length(build):
    found = Operations.of(build(EncodeOnceSettings.KIND), T)
    assert [found.for_tokens(n) for n in (1, 5, 100)] == [by_hand(n) for n in (1, 5, 100)]


def test_a_cross_encoder_reads_each_question_with_the_sentence(build):
    classifier = build(CrossEncoderSettings.KIND)
    found = Operations.of(classifier, T)
    assert found.for_tokens(11) == count_operations(classifier, T, 11)
    longest = classifier.prefixes.shape[1]
    assert found.for_tokens(11) > Q * encoder(longest + 10)


def test_a_mean_is_over_sentences_and_adds_up_their_parts():
    operations = Operations(a=5, b=2, c=1)
    assert operations.for_tokens(3) == 5 + 6 + 9
    assert operations.mean([[3], [1, 3]]) == (20 + 8 + 20) / 2


def test_an_export_says_enough_to_count(tiny_export):
    description, _ = read_description(tiny_export[1])
    assert operations_of(description).for_tokens(7) == by_hand(7)
