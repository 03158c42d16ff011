"""A small photo-sharing site that takes part in Takeback, by the SDK's public door and nothing else."""
