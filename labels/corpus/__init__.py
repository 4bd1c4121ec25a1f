"""Keep the built-in corpus as its rules say: read it, measure it, check it, say how it agrees."""
