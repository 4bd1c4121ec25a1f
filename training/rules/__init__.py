"""Labelling functions and a label model, exported like a trained model."""
