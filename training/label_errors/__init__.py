"""Gold labels that are most likely wrong."""
