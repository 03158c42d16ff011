"""What a platform's agent does with uploads, and how it is asked and heard."""
