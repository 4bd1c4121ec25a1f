"""What the program writes about sentences: the same for files, service and Python."""
