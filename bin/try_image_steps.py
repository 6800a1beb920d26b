"""Do in a clean folder what the Dockerfile does, for a machine without a container engine.

Run it with `.venv/bin/python -m bin.try_image_steps`. It takes what git holds, leaves out what .dockerignore names,
builds the assets without development packages, installs the production lock alone, collects the static files, makes
the folder read-only as the container's root is, migrates an empty database as production, and asks the web for
/health/live. It does not show the base images, the network between containers, or TLS.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable
from pathlib import Path

from onehost import ports, servers

PROJECT = Path(__file__).resolve().parent.parent
PORT = 8731
ANSWER_WITHIN = 60  # seconds


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="iro-image-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        application, assets = folder / "app", folder / "build"
        step("what git holds, less .dockerignore", lambda: copy_sources(application, assets))
        step("npm ci and the assets", lambda: build_assets(assets, application))
        step("the production lock alone", lambda: install(folder / "venv"))
        environ = production(folder)
        step("collectstatic", lambda: in_image(folder, collecting(environ), "python", "manage.py", *COLLECT))
        read_only(application)
        try_servers(folder, environ)
    print("image   | every step of the image works in a clean folder")
    return 0


def try_servers(folder: Path, environ: dict[str, str]) -> None:
    """The steps that need a database, on servers that end with them."""
    addresses = servers.ensure(folder / "servers")
    environ |= {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
    try:
        step("migrate", lambda: in_image(folder, environ, "python", "manage.py", "migrate", "--no-input", "-v0"))
        step("the web answers", lambda: web_answers(folder, environ))
    finally:
        servers.release(folder / "servers")


COLLECT = ("collectstatic", "--no-input", "--verbosity", "0")


def step(title: str, act: Callable[[], None]) -> None:
    print(f"image   | {title} …", flush=True)
    act()


def copy_sources(application: Path, assets: Path) -> None:
    """Copy the files git holds, or would, except those the image leaves out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    left_out = tuple(
        line.strip() for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] not in ("", "#")
    )
    for name in listed.stdout.splitlines():
        if (PROJECT / name).is_file() and not name.startswith(tuple(f"{out}/" for out in left_out)):
            (application / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, application / name)
    assets.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy2(application / name, assets / name)
    shutil.copytree(application / "static", assets / "static")


def build_assets(assets: Path, application: Path) -> None:
    subprocess.run(["npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--silent"], cwd=assets, check=True)
    subprocess.run(["npm", "run", "build", "--silent"], cwd=assets, check=True)
    shutil.copytree(assets / "static" / "build", application / "static" / "build")


def install(environment: Path) -> None:
    venv.create(environment, with_pip=True)
    options = ["-qq", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    lock = PROJECT / "requirements" / "production.txt"
    subprocess.run([environment / "bin" / "pip", "install", *options, "-r", lock], check=True)


def production(folder: Path) -> dict[str, str]:
    """The environment of the image and of docker-compose.yml, with a secret made for this run."""
    return {
        "PATH": f"{folder / 'venv' / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DEMONSTRATION": "false",
        "IRO_VAR": str(folder / "var"),
        "BIND": f"127.0.0.1:{PORT}",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "localhost",
        "CSRF_TRUSTED_ORIGINS": "https://localhost",
        "SITE_URL": "https://localhost",
        "EMAIL_URL": "consolemail://",
        "LOG_LEVEL": "WARNING",
        "PROXY_COUNT": "1",
        "DATABASE_POOL_SIZE": "4",
    }


def collecting(environ: dict[str, str]) -> dict[str, str]:
    return {**environ, "DATABASE_URL": "postgresql://unused/unused", "REDIS_URL": "redis://unused/0"}


def in_image(folder: Path, environ: dict[str, str], *command: str) -> None:
    subprocess.run([folder / "venv" / "bin" / command[0], *command[1:]], cwd=folder / "app", env=environ, check=True)


def read_only(application: Path) -> None:
    """Take away the right to write, as the container's read-only root does."""
    for path in (*application.rglob("*"), application):
        path.chmod(path.stat().st_mode & ~0o222)


def web_answers(folder: Path, environ: dict[str, str]) -> None:
    """Start the image's own command and ask it whether it lives."""
    if not ports.is_free("127.0.0.1", PORT):
        raise SystemExit(f"Port {PORT} is held by {ports.holder(PORT)}.")
    gunicorn: list[str | Path] = [folder / "venv" / "bin" / "gunicorn", "--config", "deploy/gunicorn_settings.py"]
    web = subprocess.Popen([*gunicorn, "iro_service.wsgi:application"], cwd=folder / "app", env=environ)
    deadline = time.monotonic() + ANSWER_WITHIN
    try:
        while not is_alive():
            if web.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The web did not answer; its output is above.")
            time.sleep(0.2)
    finally:
        web.terminate()
        web.wait(30)


def is_alive() -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{PORT}/health/live", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
