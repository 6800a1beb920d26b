"""One's own account, then the accounts an administrator looks after."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("accounts/mine/", views.mine, name="mine"),
    path("accounts/extend/", views.extend, name="extend"),
    path("accounts/resume/<uuid:uuid>/", views.resume, name="resume"),
    path("accounts/resume/<uuid:uuid>/drop/", views.drop, name="drop"),
    path("accounts/drafts/", views.keep_draft, name="keep_draft"),
    path("accounts/", views.list, name="list"),
    path("accounts/open/", views.open, name="open"),
    path("accounts/<uuid:uuid>/", views.account, name="account"),
    path("accounts/<uuid:uuid>/post/", views.add_post, name="add_post"),
    path("accounts/<uuid:uuid>/post/<int:holding>/leave/", views.leave, name="leave"),
    path("accounts/<uuid:uuid>/link/", views.send_link, name="send_link"),
    path("accounts/<uuid:uuid>/close/", views.close, name="close"),
]
