"""Under whose hand row history is written where nobody is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory


@contextmanager
def by_the_service(work: str) -> Iterator[None]:
    """Row history written inside, or in the function this decorates, is the service's own, at this work: "sweep".

    For tasks; every command has it from `authorities.management.base`. A request has its person from pghistory's
    middleware. Without either, each row written would look for a setting that is not there, catch the error, and so
    abort a subtransaction, which takes the longer the more rows the transaction has written.
    """
    with pghistory.context(work=work):
        yield
