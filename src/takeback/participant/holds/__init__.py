"""From a match to a hold, and what brakes it."""
