"""How well the names of targets are found: sentences drawn, judged by reading, and counted."""
