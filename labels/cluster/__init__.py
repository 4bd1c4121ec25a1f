"""Work on a Ray cluster, of one machine or of several."""
