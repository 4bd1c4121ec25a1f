"""What each labelling function does: where it fires, whom it repeats, how often it is right."""
