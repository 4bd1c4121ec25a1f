"""Tables into tensors."""
