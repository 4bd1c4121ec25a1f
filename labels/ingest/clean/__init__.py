"""An article's own text apart from the clutter around it."""
