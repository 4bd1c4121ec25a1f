"""Ask a trained model about targets that no label has taught it."""
