"""`make run`'s own parts: ports, locks, what a killed run left behind, and supervisor's file."""

import configparser
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onehost import launcher, outputs, ports, processes, programs
from onehost.places import PROJECT, make_var


@pytest.fixture
def listening() -> Iterator[int]:
    """A port of this machine that this test listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.fixture
def launch(tmp_path: Path, listening: int) -> launcher.Launch:
    make_var(tmp_path)
    return launcher.Launch(tmp_path, "127.0.0.1", listening)


def test_the_holder_of_a_port_is_named(listening: int):
    assert not ports.is_free("127.0.0.1", listening)
    assert ports.holder(listening).startswith(f"process {os.getpid()} (")
    assert "pytest" in ports.holder(listening) or "python" in ports.holder(listening)


def test_a_held_port_is_refused_with_its_holder_and_a_way_out(launch: launcher.Launch):
    with pytest.raises(launcher.CannotRun, match=rf"Port {launch.port} is held by process {os.getpid()} .*PORT="):
        launcher.check_port(launch)


def test_a_second_run_says_who_holds_the_port_and_harms_nothing(launch: launcher.Launch):
    launcher.only_one(launch)
    environ = {**os.environ, "IRO_VAR": str(launch.var), "PORT": str(launch.port)}

    second = subprocess.run(
        [sys.executable, "-m", "onehost.launcher"],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 2
    assert f"Port {launch.port} is held by process {os.getpid()} (" in second.stderr
    assert f"at http://localhost:{launch.port}" in second.stderr
    assert "Traceback" not in second.stderr
    assert not (launch.var / "postgresql").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 80", "²"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(launcher.CannotRun, match="1 to 65535"):
        launcher.chosen_port()


def test_what_a_killed_run_left_behind_is_ended_and_nothing_else(launch: launcher.Launch):
    sleeping = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
    ours, strangers = [
        subprocess.Popen(sleeping, env={**os.environ, processes.MARK: key}, stdout=subprocess.PIPE)
        for key in (launch.key, "another-installation")
    ]
    for process in (ours, strangers):
        assert process.stdout is not None
        process.stdout.readline()

    launcher.end_left_behind(launch)

    assert ours.wait(5) == -signal.SIGTERM
    assert strangers.poll() is None
    strangers.kill()
    for process in (ours, strangers):
        process.communicate()


def test_supervisor_restarts_everything_for_ever(tmp_path: Path):
    (tmp_path / "run").mkdir()
    config = configparser.RawConfigParser()
    config.read(programs.write_configuration(tmp_path, programs.programs(tmp_path, with_servers=True)))

    running = {name.removeprefix("program:") for name in config.sections() if name.startswith("program:")}
    assert running == {"servers", "web", "worker", "beat"}
    for name in running:
        assert config[f"program:{name}"]["autorestart"] == "true"
        assert int(config[f"program:{name}"]["startretries"]) > 100_000
        assert config[f"program:{name}"]["killasgroup"] == "true"


def test_with_servers_of_the_environment_none_of_ours_is_watched(tmp_path: Path):
    names = [program.name for program in programs.programs(tmp_path, with_servers=False)]

    assert names == ["web", "worker", "beat"]


def test_output_is_shown_line_by_line_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    shown = outputs.Outputs()
    shown.add_pipe("worker", tmp_path / "run" / "worker.output")
    with (tmp_path / "run" / "worker.output").open("wb", buffering=0) as pipe:
        pipe.write(b"one\ntwo\nhal")
        shown.show(within=1)
        pipe.write(b"f\n")
        shown.show(within=1)
    shown.close()

    assert capsys.readouterr().out == "worker  | one\nworker  | two\nworker  | half\n"


def test_a_killed_program_is_back_within_five_seconds(tmp_path: Path):
    """Supervisor with one program that stands for web or worker; kill -9 it and wait for its successor."""
    (tmp_path / "run").mkdir()
    pids = tmp_path / "pids"
    code = f"import os,time; open({str(pids)!r},'a').write(str(os.getpid())+chr(10)); time.sleep(600)"
    (tmp_path / "program.py").write_text(code)
    program = programs.Program("web", f'"{sys.executable}" "{tmp_path / "program.py"}"', 1)
    shown = outputs.Outputs()
    shown.add_pipe("web", programs.output_of(tmp_path, program))
    began = time.monotonic()
    manager = launcher.supervisor(programs.write_configuration(tmp_path, [program]))
    try:
        first = wait_for_lines(pids, 1, within=120)
        slack = time.monotonic() - began  # what starting anything costs on this machine
        os.kill(int(first[0]), signal.SIGKILL)
        killed_at = time.monotonic()
        wait_for_lines(pids, 2, within=120)
        assert time.monotonic() - killed_at < 5 + 2 * slack
    finally:
        manager.terminate()
        manager.communicate(timeout=120)
        shown.close()


def wait_for_lines(file: Path, count: int, within: float) -> list[str]:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) >= count:
            return lines
        time.sleep(0.05)
    raise AssertionError(f"{file} did not reach {count} lines within {within} seconds")
