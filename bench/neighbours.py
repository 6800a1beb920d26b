"""A second database: the demonstration authority, and NEIGHBOURS copies of it beside it.

`python -m bench.neighbours` makes the copies in the database that BENCH_DATABASE names. Rows are copied as
they stand, whatever tables there are: keys moved up by a distance, and what must be unique made so.
"""

import os
import subprocess
import sys
from collections.abc import Iterator

import django
import pgtrigger
import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg.sql import SQL, Identifier

NEIGHBOURS = 20
APART = 100_000_000  # between the keys of two authorities
SHARED = {"audit", "sessions", "contenttypes", "pghistory", "returns"}  # rooms: no authority's, or never read here
SHARED_TABLES = {"auth.Permission", "accounts.CacheEntry", "authorities.CalendarDay"}


def database() -> str:
    """The name of the second database."""
    return f"{settings.DATABASES['default']['NAME']}_beside"


def make() -> None:
    """Make the second database anew from the first, and fill it in a process of its own."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    known = {name: parameters[name] for name in ("dbname", "host", "port", "user", "password") if name in parameters}
    connection.close()  # a database that somebody uses is no template
    with psycopg.connect(**known, autocommit=True) as server:
        beside, alone = Identifier(database()), Identifier(settings.DATABASES["default"]["NAME"])
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(beside))
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(beside, alone))
    environ = os.environ | {"BENCH_DATABASE": database()}
    subprocess.run([sys.executable, "-m", "bench.neighbours"], env=environ, check=True)


def fill() -> None:
    """Copy the one authority of this database NEIGHBOURS times; history is left out, and its triggers with it."""
    copied = list(tables())
    for number in range(1, NEIGHBOURS + 1):
        with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
            for model in copied:
                cursor.execute(copying(model, set(copied), number))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def tables() -> Iterator[type[models.Model]]:
    """Every table that holds something of an authority, under keys that are numbers."""
    for model in apps.get_models(include_auto_created=True):
        is_shared = model._meta.app_label in SHARED or model._meta.label in SHARED_TABLES
        is_history = hasattr(model, "pgh_tracked_model")
        if not (is_shared or is_history):
            yield model


def copying(model: type[models.Model], copied: set[type[models.Model]], number: int) -> str:
    """The statement that copies the first authority's rows of one table for the neighbour of this number."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(value(field, copied, number) for field in fields)
    table, key = meta.db_table, meta.pk.column
    return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" WHERE "{key}" < {APART}'


def value(field: models.Field, copied: set[type[models.Model]], number: int) -> str:
    """What a copy holds in one column."""
    is_key = field.related_model in copied if field.is_relation else field.primary_key
    if is_key:
        return f'"{field.column}" + {number * APART}'
    if field.unique and isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if field.unique and isinstance(field, models.CharField):
        return f"""left('{number}-' || "{field.column}", {field.max_length})"""
    return f'"{field.column}"'


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    fill()
