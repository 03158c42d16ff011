"""A platform's own database: holds, decisions, notices, evidence, reports. Its copy of the list is a file beside it."""
