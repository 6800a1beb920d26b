"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "duties"
urlpatterns = [
    path("settings/practice/", views.practice, name="practice"),
    path("settings/practice/set/", views.set_practice, name="set_practice"),
    path("duties/<uuid:uuid>/", views.duty, name="duty"),
]
