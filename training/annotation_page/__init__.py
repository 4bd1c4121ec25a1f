"""A page on this machine to label sentences, and to settle where people disagree."""
