"""Train, dev and test, without leaks."""
