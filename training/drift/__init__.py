"""How far new articles are from those that a model was trained on, and which to label."""
