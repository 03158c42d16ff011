"""The steps that lead to the schema of a platform's database."""
