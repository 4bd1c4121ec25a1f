"""Gold labels, and those who give them."""
