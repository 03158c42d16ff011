"""Notices that ask the platform to remove something under a law, from receipt to outcome (docs/notices.md).

`receiving` takes them in, `contents` hides and holds what they name, `copies` looks for the same picture elsewhere,
`clockwork` warns and acts when the time is over, `deciding` ends them, `following` is the submitter's side, `misuse`
and `export` count.
"""
