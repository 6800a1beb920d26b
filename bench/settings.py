"""The product's settings, with one address more: the bare page the others are measured against.

BENCH_DATABASE names another database of the same server.
"""

from iro_service.settings import *  # noqa: F403
from iro_service.settings import DATABASES, env

ROOT_URLCONF = "bench.urls"
DATABASES["default"]["NAME"] = env.str("BENCH_DATABASE", DATABASES["default"]["NAME"])
