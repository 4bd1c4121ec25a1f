"""How fast a training is beside the stock way."""
