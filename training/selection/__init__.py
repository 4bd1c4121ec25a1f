"""Which sentences people should label next."""
