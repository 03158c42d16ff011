"""Places that a list can be fetched from and feedback sent to."""
