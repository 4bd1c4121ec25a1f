"""Labelled examples in, model, reports and export out."""
