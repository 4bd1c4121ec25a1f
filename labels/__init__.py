"""Articles in, labelled examples out. Nothing here imports torch or ``training``."""
