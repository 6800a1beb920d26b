"""Append-only access and business events."""
