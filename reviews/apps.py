from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Statutory reviews: due, booked, recorded, decided."""

    name = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
