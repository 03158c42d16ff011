"""The agent over HTTP: uploads asked about, instructions read, appeals and deletions told. Each route takes a key."""
