"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "reviews"
urlpatterns = [
    path("reviews/", views.list_reviews, name="list"),
    path("children/<uuid:uuid>/reviews/", views.of_child, name="of_child"),
    path("decisions/", views.list_decisions, name="decisions"),
    path("decisions/<uuid:uuid>/", views.decision, name="decision"),
    path("reviews/<uuid:uuid>/", views.review, name="review"),
    path("reviews/<uuid:uuid>/due/", views.due, name="due"),
    path("reviews/<uuid:uuid>/book/", views.book, name="book"),
    path("reviews/<uuid:uuid>/unbook/", views.unbook, name="unbook"),
    path("reviews/<uuid:uuid>/find-last/", views.find_last, name="find_last"),
    path("reviews/<uuid:uuid>/correct/", views.correct, name="correct"),
    path("reviews/<uuid:uuid>/not-held/", views.not_held, name="not_held"),
    path("reviews/<uuid:uuid>/another-child/", views.another_child, name="another_child"),
    path("reviews/<uuid:uuid>/record/", views.record, name="record"),
    path("reviews/<uuid:uuid>/record/check/", views.check, name="check"),
    path("reviews/<uuid:uuid>/record/<slug:section>/", views.record_section, name="record_section"),
    path("reviews/<uuid:uuid>/record/<slug:section>/draft/", views.save_draft, name="save_draft"),
    path("reviews/<uuid:uuid>/recorded/", views.recorded, name="recorded"),
]
