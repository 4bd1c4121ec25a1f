"""What a running training has found so far."""
