"""Stance shares of outlets over time, corrected for what the classifier gets wrong."""
