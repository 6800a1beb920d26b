"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "escalations"
urlpatterns = [
    path("escalations/", views.escalations, name="list"),
    path("escalations/<uuid:uuid>/", views.escalation, name="escalation"),
    path("escalations/<uuid:uuid>/respond/", views.respond, name="respond"),
    path("escalations/<uuid:uuid>/move-up/", views.move_up, name="move_up"),
    path("escalations/<uuid:uuid>/resolve/", views.resolve, name="resolve"),
    path("escalations/<uuid:uuid>/promises/<int:position>/", views.promise, name="promise"),
    path("children/<uuid:uuid>/escalations/", views.of_child, name="of_child"),
    path("children/<uuid:uuid>/escalations/raise/", views.raise_concern, name="raise"),
]
