"""Training: the loop, its losses, its checkpoints."""
