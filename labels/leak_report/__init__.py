"""What two splits share that they should not."""
