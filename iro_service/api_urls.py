"""The API's addresses: the collections, the schema, and its documentation for people."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from alerts.api import Alerts
from children.api import Children
from dashboards.api import Figures
from duties.api import Duties
from escalations.api import Escalations
from reviews.api import Decisions, Reviews

from .api_docs import docs

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("children", Children, "child")
router.register("reviews", Reviews, "review")
router.register("decisions", Decisions, "decision")
router.register("escalations", Escalations, "escalation")
router.register("duties", Duties, "duty")
router.register("alerts", Alerts, "alert")
router.register("figures", Figures, "figure")

urlpatterns = [
    *router.urls,
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
