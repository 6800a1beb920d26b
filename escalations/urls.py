"""Addresses, in the order a user meets them."""

from django.urls import URLPattern

app_name = "escalations"
urlpatterns: list[URLPattern] = []
