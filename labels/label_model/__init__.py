"""From votes to probabilities."""
