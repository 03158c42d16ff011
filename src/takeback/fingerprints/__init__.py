"""What a fingerprint is, how one is made from pixels or bytes, and how two are compared."""
