"""The child, care periods, episodes and allocations."""
