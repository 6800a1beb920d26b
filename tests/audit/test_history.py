"""No row written looks for a setting that is not there: that would slow every row written after it."""

import pytest
from django.db import connection

from audit.history import by_the_service

pytestmark = pytest.mark.django_db
SETTINGS = {"pgtrigger.ignore": "{}", "pghistory.context_metadata": '{"work": "test"}'}


@by_the_service("test")
def settings_of_a_write() -> dict[str, str]:
    """What the triggers of a write find set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH written AS (SELECT 1) SELECT " + ", ".join(f"current_setting('{name}')" for name in SETTINGS)
        )
        return dict(zip(SETTINGS, cursor.fetchone(), strict=True))


def test_every_connection_says_that_no_trigger_is_ignored_and_work_of_the_service_what_it_is():
    assert settings_of_a_write() == SETTINGS
