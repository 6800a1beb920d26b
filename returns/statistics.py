"""What PostgreSQL knows of its tables, renewed after a bulk load: queries are planned from it.

Autovacuum would come to it within minutes; until then pages about thousands of new rows are planned as if
there were none.
"""

from itertools import chain

from django.apps import apps
from django.db import connection, transaction

APPS = ("children", "duties", "reviews", "escalations")


def renew_when_committed() -> None:
    """Have the tables of APPS looked at again once this transaction holds."""
    transaction.on_commit(_analyse, robust=True)


def _analyse() -> None:
    models = chain.from_iterable(apps.get_app_config(label).get_models() for label in APPS)
    names = ", ".join(sorted({connection.ops.quote_name(model._meta.db_table) for model in models}))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
