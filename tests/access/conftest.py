"""One world for a whole module: built once in a transaction that is rolled back at its end."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.access.world import World, make_world
from tests.conftest import NOW


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
