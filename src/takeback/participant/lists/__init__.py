"""A platform's copies of lists: kept up with what a list says, proven, and asked by radius."""
