"""The same for films: clips, what happens to them, and the run."""
