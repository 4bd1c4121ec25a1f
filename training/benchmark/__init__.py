"""Public sets: their published files as examples, a training for each, and the table of scores."""
