"""Scores of a model, and the pictures and tables that show them."""
