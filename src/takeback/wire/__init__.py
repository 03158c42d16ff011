"""Bytes to values and back, one file per format. Nothing here opens a socket, a file or a database."""
