"""Whether this service is alive and whole, for monitors: ages, counts and yes or no, nothing about anybody."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from alerts.models import Alert, Sweep

Finding = dict[str, bool | int | None]

SWEEP_WITHIN = timedelta(minutes=5)  # it runs every minute
MAIL_WITHIN = timedelta(minutes=30)
REDIS_ANSWERS_WITHIN = 1.0  # seconds


@login_not_required
@never_cache
@transaction.non_atomic_requests
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; it touches neither the database nor Redis."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@transaction.non_atomic_requests
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Everything the service needs is there and the clock's work is done; 503, and which part fails, if not."""
    found = findings(timezone.now())
    is_ok = all(finding["is_ok"] for finding in found.values())
    return JsonResponse({"status": "ok" if is_ok else "failing", "checks": found}, status=200 if is_ok else 503)


def findings(at: datetime) -> dict[str, Finding]:
    """Each check by name. Without the database, what is read from it is not ok and has no age."""
    checks: dict[str, Callable[[datetime], Finding]] = {
        "database": database,
        "migrations": migrations,
        "last_sweep": last_sweep,
        "oldest_unsent": oldest_unsent,
        "without_address": without_address,
    }
    found: dict[str, Finding] = {"redis": {"is_ok": redis_answers()}}
    found |= {name: {"is_ok": False} for name in checks}
    with suppress(Error):
        for name, check in checks.items():
            found[name] = check(at)
    return found


def database(at: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"is_ok": True}


def migrations(at: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {"is_ok": not waiting, "waiting": waiting}


def last_sweep(at: datetime) -> Finding:
    """Of the authority looked at longest ago; one that owes nothing can wait. Not ok when long ago, or never."""
    moments = Sweep.objects.last_of_each()
    if not moments:
        return {"is_ok": True, "age_seconds": None}
    age = at - moments[0] if moments[0] else None
    return {"is_ok": age is not None and age <= SWEEP_WITHIN, "age_seconds": _seconds(age)}


def oldest_unsent(at: datetime) -> Finding:
    """Not ok when a mail that could be sent has been waiting for long."""
    since = Alert.objects.oldest_unsent_at(at)
    age = at - since if since else None
    return {"is_ok": age is None or age <= MAIL_WITHIN, "age_seconds": _seconds(age)}


def without_address(at: datetime) -> Finding:
    """People with alerts who cannot be mailed: to be mended by hand, and no reason to turn anybody away."""
    return {"is_ok": True, "people": Alert.objects.addressless()}


def redis_answers() -> bool:
    """True when Redis answers within a second."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=REDIS_ANSWERS_WITHIN,
        socket_timeout=REDIS_ANSWERS_WITHIN,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else max(0, int(age.total_seconds()))
