from labels.functions.evidence import Lexicons, gather, lexicon_forms, look_up, named_at
from labels.targets import mentions_in, words_of


def test_mentions_are_those_of_the_target_asked_about(question):
    text = "Russia hosted the OIC summit."
    assert [hit.first for hit in question(text, "en", "russia").mentions] == [0]
    assert [hit.first for hit in question(text, "en", "oic").mentions] == [3]
    assert question(text, "en", "gaza_ceasefire").mentions == ()
    assert question(text, "en", None).mentions == ()


def test_words_of_a_name_are_no_cue(question):
    text = "The Organisation of Islamic Cooperation met."
    assert question(text, "en", "oic").cues("positive") == []
    assert [hit.text for hit in question("Cooperation grew.", "en").cues("positive")] == [
        "cooperation"
    ]


def test_distance_counts_words_and_ends_with_the_clause(question):
    evidence = question("Norland condemned old Russia. Norland praised Westland.", "en")
    (mention,) = evidence.mentions
    (before,) = evidence.cues("criticise")
    (after,) = evidence.cues("praise")
    assert evidence.distance(mention, before) == evidence.distance(before, mention) == 1
    assert evidence.distance(mention, after) is None
    assert evidence.is_near(mention, before, reach=1)
    assert not evidence.is_near(mention, before, reach=0)


def test_a_negation_reaches_three_words(question):
    near = question("Norland did not openly condemn Russia.", "en")
    far = question("Not one of the many envoys condemned Russia.", "en")
    assert [near.negated(hit) for hit in near.cues("criticise")] == [True]
    assert [far.negated(hit) for hit in far.cues("criticise")] == [False]


def test_without_a_lexicon_there_are_mentions_but_no_cues(matcher):
    evidence = gather("Russia hat Norland condemned.", "de", matcher)
    assert not evidence.has_lexicon
    assert evidence.hits == {}
    assert list(evidence.named) == ["russia"]


def test_places_in_a_text_give_back_the_mentions(question):
    text = "The OIC thanked Russia, and Moscow thanked the OIC."
    evidence = question(text, "en", "oic")
    found = named_at(words_of(text), mentions_in(evidence.words, evidence.named))
    places = {key: [(hit.first, hit.last) for hit in hits] for key, hits in found.items()}
    assert places == {
        key: [(hit.first, hit.last) for hit in hits] for key, hits in evidence.named.items()
    }
    assert len(places["oic"]) == 2


def test_forms_that_were_kept_find_what_the_analyser_finds(question):
    text = "Министры осудили агрессию и поблагодарили партнёров."
    asked = question(text, "ru")
    kept = look_up(asked.words, "ru", {}, Lexicons(lexicon_forms()))
    assert asked.hits == kept.hits
    assert {"criticise", "praise"} <= set(kept.hits)


def test_a_phrase_may_hold_a_name_in_its_gap(question):
    evidence = question("Norland vows to hold Russia accountable.", "en")
    (mention,), (hit,) = evidence.mentions, evidence.cues("criticise")
    assert hit.text == "hold .. accountable|responsible"
    assert evidence.distance(mention, hit) == evidence.distance(hit, mention) == 0
    assert evidence.role(mention, hit) == "object"


def test_a_phrase_that_ends_in_a_name_is_no_cue(question):
    text = "Norland agrees to cease-fire talks with Russia on Gaza."
    assert question(text, "en").cues("demand") == []
