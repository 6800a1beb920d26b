"""Addresses, in the order a user meets them."""

from django.urls import URLPattern

app_name = "dashboards"
urlpatterns: list[URLPattern] = []
