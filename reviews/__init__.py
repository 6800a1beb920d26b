"""Statutory reviews: due, booked, recorded, decided."""
