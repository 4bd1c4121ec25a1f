"""People who label: what they are asked, what comes back, and how far they agree."""
