"""How fast inference is on this machine, beside the stock way and what the processor can do."""
