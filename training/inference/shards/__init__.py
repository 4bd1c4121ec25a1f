"""Prediction beyond one machine: a folder of files, each a shard, over the workers of a cluster."""
