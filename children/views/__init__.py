"""The pages about one child, and the log of who looked."""
