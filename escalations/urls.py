"""Addresses, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "escalations"
urlpatterns = [
    path("settings/ladder/", views.ladders, name="ladders"),
    path("settings/ladder/set/", views.set_ladder, name="set_ladder"),
    path("settings/ladder/<int:number>/withdraw/", views.withdraw_ladder, name="withdraw_ladder"),
    path("escalations/", views.escalations, name="list"),
    path("escalations/<uuid:uuid>/", views.escalation, name="escalation"),
    path("escalations/<uuid:uuid>/respond/", views.respond, name="respond"),
    path("escalations/<uuid:uuid>/move-up/", views.move_up, name="move_up"),
    path("escalations/<uuid:uuid>/resolve/", views.resolve, name="resolve"),
    path("escalations/<uuid:uuid>/promises/<int:position>/", views.promise, name="promise"),
    path("children/<uuid:uuid>/escalations/", views.of_child, name="of_child"),
    path("children/<uuid:uuid>/escalations/raise/", views.raise_concern, name="raise"),
]
