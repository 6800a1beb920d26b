"""Read-only pages and figures; owns no data."""
