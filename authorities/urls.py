"""Services and teams, in the order a user meets them."""

from django.urls import path

from . import views

app_name = "authorities"
urlpatterns = [
    path("settings/teams/", views.structure, name="structure"),
    path("settings/services/add/", views.add_service, name="add_service"),
    path("settings/services/<int:service>/", views.service, name="service"),
    path("settings/services/<int:service>/rename/", views.rename_service, name="rename_service"),
    path("settings/services/<int:service>/close/", views.close_service, name="close_service"),
    path("settings/services/<int:service>/reopen/", views.reopen_service, name="reopen_service"),
    path("settings/teams/add/", views.add_team, name="add_team"),
    path("settings/teams/<int:team>/", views.team, name="team"),
    path("settings/teams/<int:team>/rename/", views.rename_team, name="rename_team"),
    path("settings/teams/<int:team>/service/", views.place_team, name="place_team"),
    path("settings/teams/<int:team>/merge/", views.merge_team, name="merge_team"),
    path("settings/teams/<int:team>/close/", views.close_team, name="close_team"),
    path("settings/teams/<int:team>/reopen/", views.reopen_team, name="reopen_team"),
]
