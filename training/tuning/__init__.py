"""Sweeps: settings of a training, tried one after the other or by several machines."""
