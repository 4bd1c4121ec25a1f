"""The report card: one page about a model that people read before they trust it."""
