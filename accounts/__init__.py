"""People, roles, posts, and the one access module."""
