"""How fast labelling functions and label model are."""
