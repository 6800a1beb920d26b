"""The addresses as they are where the second step is switched on."""

from django.urls import include, path

from iro_service.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from iro_service.urls import urlpatterns as always

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("accounts/code/", include("allauth.mfa.urls")), *always]
