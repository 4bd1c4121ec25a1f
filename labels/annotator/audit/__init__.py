"""The audit card of a language model: how far its labels are right, and what they hang on."""
