"""Auxiliary tasks: sets of other targets and label schemes that a training learns from besides."""
