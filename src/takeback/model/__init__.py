"""The values that Takeback talks about and their allowed transitions: pure, frozen, and ignorant of any plumbing."""
