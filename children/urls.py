"""The pages about one child, then the authority's access log."""

from django.urls import path

from .views import correcting, log, record

app_name = "children"
urlpatterns = [
    path("children/<uuid:uuid>/people/", record.people, name="people"),
    path("children/<uuid:uuid>/people/allocate/", record.allocate, name="allocate"),
    path("children/<uuid:uuid>/people/<int:allocation>/correct/", correcting.correct_people, name="correct_people"),
    path("children/<uuid:uuid>/people/team/<int:allocation>/correct/", correcting.correct_team, name="correct_team"),
    path("children/<uuid:uuid>/care/", record.care, name="care"),
    path("children/<uuid:uuid>/care/<str:day>/correct/", correcting.correct_care, name="correct_care"),
    path("children/<uuid:uuid>/access/", record.access, name="access"),
    path("children/<uuid:uuid>/changes/", record.changes, name="changes"),
    path("access-log/", log.access_log, name="access_log"),
]
