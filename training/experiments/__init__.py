"""Runs of many stages: the pipeline, the transfer curve."""
