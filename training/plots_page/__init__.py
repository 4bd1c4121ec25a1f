"""The page of ``dvc plots``, which works without a network."""
