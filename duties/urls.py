"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "duties"
urlpatterns = [path("duties/<uuid:uuid>/", views.duty, name="duty")]
