"""Two models on the same gold sentences: which is better, where, and how sure that is."""
