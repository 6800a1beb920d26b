"""The product's settings, with one address more: the bare page the others are measured against."""

from iro_service.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
