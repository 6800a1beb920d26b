"""What a service does as soon as it stands."""

import signal
from pathlib import Path

from onehost import processes
from tests.running.service import started, until

AN_HOUR = 3600


def test_what_slipped_while_nothing_ran_is_looked_for_at_once(tmp_path: Path) -> None:
    with started(tmp_path, sweep_seconds=AN_HOUR) as service:
        service.scene("make")
        for worker in service.pids("worker"):
            processes.send(worker, signal.SIGKILL)
        until(lambda: service.ask("/health/ready").status == 200, "a sweep before beat's first")
