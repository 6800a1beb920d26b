"""Running the whole service on one machine: its own PostgreSQL and Redis, and one command that keeps all going."""
