"""Every address, in the order a user meets the rooms."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
