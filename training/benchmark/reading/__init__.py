"""A public set as a table of examples, which a training can learn from besides."""
