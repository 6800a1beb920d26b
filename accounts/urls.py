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
    path("accounts/posts/", views.posts, name="posts"),
    path("accounts/posts/add/", views.add_vacancy, name="add_vacancy"),
    path("accounts/posts/<int:post>/", views.post, name="post"),
    path("accounts/posts/<int:post>/fill/", views.fill_post, name="fill_post"),
    path("accounts/posts/<int:post>/end/", views.end_post, name="end_post"),
    path("accounts/<uuid:uuid>/", views.account, name="account"),
    path("accounts/<uuid:uuid>/post/", views.add_post, name="add_post"),
    path("accounts/<uuid:uuid>/post/<int:holding>/leave/", views.leave, name="leave"),
    path("accounts/<uuid:uuid>/link/", views.send_link, name="send_link"),
    path("accounts/<uuid:uuid>/registration/", views.registration, name="registration"),
    path("accounts/<uuid:uuid>/close/", views.close, name="close"),
]
