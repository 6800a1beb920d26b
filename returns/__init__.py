"""SSDA903 in and out, and the demonstration authority."""
