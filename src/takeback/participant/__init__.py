"""The use cases of a platform: replica, sync, screening, feedback."""
