"""A concern, its ladder and its answers."""
