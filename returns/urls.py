"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "returns"
urlpatterns = [
    path("data-quality/", views.data_quality, name="data_quality"),
    path("data-quality/returns/<int:year>/", views.problems, name="problems"),
    path("data-quality/<slug:slug>/", views.data_quality_list, name="data_quality_list"),
]
