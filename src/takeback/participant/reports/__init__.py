"""Sealed evidence, and reports to authorities: built, judged whole, sent by two people."""
