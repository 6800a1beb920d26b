"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "alerts"
urlpatterns = [
    path("alerts/", views.list_alerts, name="list"),
]
