"""How sure a model may be: temperatures, and when it abstains."""
