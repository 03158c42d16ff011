"""Passes over media that a platform has stored: planned in shards, done by workers, kept by one writer."""
