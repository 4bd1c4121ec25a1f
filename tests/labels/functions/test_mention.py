def test_a_target_that_is_not_named_is_unrelated(stance):
    assert stance("not_named", "Rain fell on Oslo.", "en") == "unrelated"
    assert stance("not_named", "Russia opened a school.", "en") is None


def test_a_target_named_without_a_position_is_neutral(stance):
    assert stance("plainly_named", "Russia opened a school.", "en") == "neutral"
    assert stance("plainly_named", "Norland condemned Russia.", "en") is None


def test_what_takes_no_position_on_an_actor_may_take_one_on_a_proposal(stance):
    text = "Norland vetoes a Gaza truce."
    assert stance("plainly_named", text, "en", "gaza_ceasefire") is None


def test_a_meeting_nearby_is_routine(stance):
    assert stance("routine", "Talks in Russia began.", "en") == "neutral"
    far = "Talks were held on a rainy day in a small town far from Russia."
    assert stance("routine", far, "en") is None
