"""The people who work at an installation: accounts, passkeys, sessions, and changes that take two of them.

A clearinghouse has operators at its console, a platform has reviewers at its desk; both come in here.
"""
