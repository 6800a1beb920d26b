"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("caseload/", views.caseload, name="caseload"),
    path("children/<uuid:uuid>/", views.child, name="child"),
    path("settings/", views.settings, name="settings"),
    path("search/", views.search, name="search"),
    path("figures/", views.figures, name="figures"),
    path("figures/<slug:slug>/", views.figure, name="figure"),
    path("figures/<slug:slug>/download/", views.download, name="download"),
]
