"""What every stage shares: schema, tables, files, settings, the command line."""
