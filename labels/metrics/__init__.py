"""What both sides measure with: F1, intervals, agreement."""
