"""A network and rules that answer together."""
