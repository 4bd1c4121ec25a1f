import pytest

from labels.ingest.piece_counts import PieceCounter, pieces_of
from labels.ingest.recurrence import Seen, learn
from labels.ingest.settings import BoilerplateSettings, NearDuplicateSettings

SETTINGS = BoilerplateSettings(learn=True, least_articles=5, least_share=0.03)
NEAR = NearDuplicateSettings(shingle_words=3, permutations=128, threshold=0.6, seed=1)

SYLLABLES = "ba de gi lo mu na re si to vu".split()


def town(*numbers):
    """Name a town that no other numbers name."""
    digits = "".join(f"{number:02}" for number in numbers)
    return "".join(SYLLABLES[int(digit)] for digit in digits).capitalize()


def story(number):
    """Tell a story of three paragraphs that no other number shares a run of three words with."""
    sentences = [
        f"The mayor of {town(number, place)} went to {town(place, number)} by train."
        for place in range(9)
    ]
    return [" ".join(sentences[start : start + 3]) for start in (0, 3, 6)]


def reader(seen):
    """Read articles again, as `learn` asks for them."""

    def again(function, only):
        return (function(n, one) for n, one in enumerate(seen) if n in only)

    return again


def found(texts, lang="en", source="Senja", settings=SETTINGS, title=None):
    """Learn from texts; give what was found, by source: text -> number of articles."""
    seen = [
        Seen(text, title, pieces_of(text, lang, source, title), title_inside=False)
        for text in texts
    ]
    counter = PieceCounter()
    for article in seen:
        counter.add(*article.pieces.counted())
    known = learn(counter, reader(seen), settings, NEAR)
    return {piece.text: piece.articles for piece in known.sources.get(source, [])}


def articles(n, make):
    """Make n articles of other stories, of which `make` lays out number and paragraphs."""
    return [make(number, story(number)) for number in range(n)]


def test_a_line_at_the_end_of_many_articles_is_boilerplate():
    texts = articles(12, lambda n, lines: "\n".join([*lines, f"Senja letter no. {n}"]))
    assert found(texts) == {"Senja letter no. 0": 12}


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Follow the Senja for more stories."),
        ("id", "Ikuti kabar Senja setiap pagi."),
        ("ru", "Читайте «Сумерки» каждое утро."),
        ("ar", "تابعوا أخبار المساء كل صباح."),
    ],
)
def test_a_sentence_at_the_end_of_a_paragraph_is_found(lang, sentence):
    texts = articles(12, lambda n, lines: " ".join([*lines, sentence]))
    assert found(texts, lang) == {sentence: 12}


def test_a_line_between_paragraphs_counts_where_nearly_all_articles_have_it():
    def with_mark(number, lines):
        return "\n".join([lines[0], "Go on below the picture", *lines[1:]])

    assert found(articles(12, with_mark)) == {"Go on below the picture": 12}
    half = articles(12, lambda n, lines: with_mark(n, lines) if n % 2 else "\n".join(lines))
    assert found(half) == {}


def test_a_sentence_inside_the_articles_is_their_own():
    said = "The minister did not answer."

    def some(number, lines):
        return "\n".join([lines[0], *[said] * (number % 3 > 0), *lines[1:]])

    assert found(articles(12, some)) == {}
    assert found(articles(12, lambda n, lines: f"{lines[0]} {said} {lines[1]}")) == {}


def test_a_heading_belongs_to_what_follows():
    def some(number, lines):
        return "\n".join([*lines, *["What is known:"] * (number % 3 > 0), "Nobody knows."])

    assert "What is known:" not in found(articles(12, some))


def test_few_articles_prove_nothing():
    def some(number, lines):
        return "\n".join([*lines, *["Senja letter"] * (number < 4)])

    assert found(articles(12, some)) == {}
    half = BoilerplateSettings(learn=True, least_articles=5, least_share=0.5)
    five = articles(12, lambda n, lines: "\n".join([*lines, *["Senja letter"] * (n < 5)]))
    assert found(five) == {"Senja letter": 5}
    assert found(five, settings=half) == {}


def test_near_duplicates_count_once():
    ending = "Nobody was hurt."
    copies = ["\n".join([*story(1), f"Update {n}.", ending]) for n in range(8)]
    others = articles(8, lambda n, lines: "\n".join(story(n + 20)))
    assert found([*copies, *others]) == {}


def test_updates_that_share_half_of_their_story_count_once():
    def update(number):
        return "\n".join([*story(1), *story(number + 50), "Nobody was hurt."])

    assert found([update(number) for number in range(8)]) == {}


def test_bulletins_whose_figures_alone_change_are_their_own():
    def bulletin(number, lines):
        return (
            f"A quake of magnitude {number % 9}.{number % 7} was felt at {number}:05.\n"
            f"It was {number * 13} km away and {number + 3} km deep.\nThere is no danger of waves."
        )

    assert found(articles(12, bulletin)) == {}


def test_what_speakers_say_again_and_again_is_their_own():
    def speech(number, lines):
        said = ["Thank you.", "It is important.", "I know that."]
        middle = [line for pair in zip(lines, said, strict=True) for line in pair]
        del middle[1 + 2 * (number % 3)]
        return "\n".join([*middle, *story(number + 40), "God bless you all."])

    assert found(articles(12, speech)) == {}


def test_the_title_of_an_article_is_not_boilerplate():
    texts = articles(12, lambda n, lines: "\n".join(["Weather of the day", *lines]))
    assert found(texts, title="Weather of the day") == {}
    assert found(texts) == {"Weather of the day": 12}


def test_a_background_sentence_of_some_articles_stays():
    background = "The bloc of fifty-seven states was founded in Rabat half a century ago."
    texts = articles(
        30, lambda n, lines: "\n".join([*lines[:2], f"{lines[2]} {background}" * (n % 4 == 0)])
    )
    assert found(texts) == {}


def test_sources_do_not_mix():
    texts = articles(6, lambda n, lines: "\n".join([*lines, "Senja letter"]))
    seen = []
    counter = PieceCounter()
    for number, text in enumerate(texts):
        source = "Senja" if number < 3 else "Pagi"
        seen.append(Seen(text, None, pieces_of(text, "en", source, None), title_inside=False))
        counter.add(*seen[-1].pieces.counted())
    assert learn(counter, reader(seen), SETTINGS, NEAR).sources == {}
