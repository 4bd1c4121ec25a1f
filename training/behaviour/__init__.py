"""The behavioural suite: minimal pairs, and how many of them a model gets right."""
