"""Files, folders and pages into records."""
