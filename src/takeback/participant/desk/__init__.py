"""The desk's use cases: a person looks at what is held, and what they decide goes everywhere it has to."""
