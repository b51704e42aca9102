"""Dockerfile and docker-compose.yml, without Docker: every service's own command runs here, against real servers.

What a container would see is put in place by exchanging paths: only the files that .dockerignore lets through, only
the secrets that the service lists, and the environment of image and service.
"""

import fnmatch
import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from massline.env import Env
from massline.stack import postgres as embedded
from massline.stack.database import cursor_at
from massline.stack.postgres import Postgres
from massline.stack.process import Child, last_lines
from massline.stack.up import Stack
from massline.stack.valkey import Valkey, _binary, free_port
from tests.conftest import open_folder
from tests.database import BASE

COMPOSE: dict[str, Any] = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}
DOCKERFILE = (BASE / "Dockerfile").read_text().replace("\\\n", " ")
NAME = "petitions.example"
DOT_ENV = {"MASSLINE_HOSTS": NAME}
VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?:(:[-?])([^}]*))?\})")


def interpolated(text: str) -> str:
    """As Compose does it, with .env in place."""

    def value(match: re.Match[str]) -> str:
        dollar, name, kind, default = match.groups()
        if dollar:
            return "$"
        assert name in DOT_ENV or kind == ":-", f"{name} must be in .env"
        return DOT_ENV.get(name, default)

    return VARIABLE.sub(value, text)


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def make_secrets(folder: Path) -> subprocess.CompletedProcess[str]:
    script = BASE / "docker/secrets.sh"
    return subprocess.run(["sh", script], cwd=folder, capture_output=True, text=True, check=False)


def build(app: Path) -> None:
    """What `COPY . .` would put into the image, and the RUN after it."""
    everything, *rules = [
        line for line in (BASE / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert everything == "*"
    left_out = [rule.removeprefix("**/") for rule in rules if rule.startswith("**/")]
    app.mkdir()
    for rule in rules:
        source = BASE / rule.removeprefix("!")
        if source.is_dir():
            shutil.copytree(source, app / source.name, ignore=shutil.ignore_patterns(*left_out))
        elif rule.startswith("!"):
            shutil.copy2(source, app)
    compiling = instructions("RUN python -c")[0]
    subprocess.run([sys.executable, "-c", *shlex.split(compiling)], cwd=app, check=True)


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


class Site:
    """The five services on free ports, in one passing folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = folder / "app"
        self.port, self.valkey_port = free_port(), free_port()
        self.servers = embedded.Home.at(folder / "servers")
        self.postgres = Postgres(self.servers)
        self.children: list[Child] = []

    def inside(self, service: str, text: str) -> str:
        """A path or address of the container, as it is here."""
        here = {
            "/run/secrets": self.folder / service,
            "/var/lib/massline": self.folder / "home",
            "/opt/venv": sys.prefix,
            "/data": self.folder / "data",
            "0.0.0.0": "127.0.0.1",
            "8000": self.port,
        }
        there = "|".join(re.escape(path) for path in here)
        return re.sub(rf"(?<![\w/])({there})(?!\w)", lambda found: str(here[found[0]]), text)

    def command(self, service: str) -> list[str]:
        return shlex.split(self.inside(service, interpolated(SERVICES[service]["command"])))

    def environ(self, service: str) -> dict[str, str]:
        image = dict(pair.split("=", 1) for pair in shlex.split(instructions("ENV")[0]))
        given = image | SERVICES[service]["environment"]
        return {name: self.inside(service, interpolated(value)) for name, value in given.items()}

    def give_secrets(self) -> None:
        """To each service those that it lists, with the address of our servers in the place of the containers'."""
        made = make_secrets(self.folder)
        assert made.returncode == 0, made.stderr
        for service, description in SERVICES.items():
            (self.folder / service).mkdir()
            for name in description["secrets"]:
                text = (self.folder / COMPOSE["secrets"][name]["file"]).read_text()
                text = text.replace("@postgres/massline", f"@/massline?host={self.postgres.sockets}")
                text = text.replace("@valkey:6379", f"@127.0.0.1:{self.valkey_port}")
                (self.folder / service / name).write_text(text)

    def start_servers(self) -> None:
        self.postgres.start()
        script = self.inside("postgres", (BASE / "docker/initdb.sh").read_text())
        environ = {
            "PATH": f"{self.postgres.bin}:/usr/bin:/bin",
            "POSTGRES_USER": embedded.SUPERUSER,
            "PGHOST": str(self.postgres.sockets),
            "PGPASSWORD": self.postgres.superuser.password,
        }
        done = subprocess.run(["sh"], input=script, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (self.folder / "data").mkdir()
        command = [str(_binary()), *self.command("valkey")[1:], "--bind", "127.0.0.1", "--port", str(self.valkey_port)]
        self.start("valkey", command)

    def start(self, service: str, command: list[str] | None = None) -> Child:
        environ = self.environ(service) if service in OURS else {}
        log = self.folder / f"{service}.log"
        child = Child(service, command or self.command(service), log=log, environ=environ, cwd=self.app)
        child.start()
        self.children.append(child)
        return child

    def healthy(self, service: str) -> bool:
        kind, *command = SERVICES[service]["healthcheck"]["test"]
        assert kind == "CMD"
        command = [self.inside(service, part) for part in command]
        asked = subprocess.run(command, env=self.environ(service), cwd=self.app, capture_output=True, check=False)
        return asked.returncode == 0

    def get(self, path: str) -> tuple[int, str]:
        """As the proxy asks."""
        headers = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def wait_until_ready(self, patience: float = 60.0) -> str:
        until = time.monotonic() + patience
        while (answer := self.get("/readyz"))[0] != 200:
            for child in self.children:
                assert child.running() or child.name == "migrate", (child.name, last_lines(child.log, 20))
            assert time.monotonic() < until, answer
            time.sleep(0.2)
        return answer[1]

    def stop(self) -> None:
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop()
        self.postgres.stop()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Every service, started in the order that the file asks for, by its own command."""
    with open_folder() as folder:
        site = Site(folder)
        build(site.app)
        (folder / "home").mkdir()
        site.give_secrets()
        try:
            site.start_servers()
            before = files(site.app)
            migrate = site.start("migrate")
            assert migrate.popen is not None
            assert migrate.popen.wait(120) == 0, last_lines(migrate.log, 20)
            for service in ("web", "worker", "beat"):
                site.start(service)
            site.wait_until_ready()
            yield site
            assert files(site.app) == before, "the code is not a place to write"
        finally:
            site.stop()


# --- the services, running ------------------------------------------------------------------------------------------


def test_ready(site: Site) -> None:
    status, body = site.get("/readyz")
    undecided = {
        "ok",
        "not taken: MASSLINE_SCANNER is not set",
        "not open: no petition office is registered yet (docs/operations.md, Opening the office)",
    }
    assert (status, set(json.loads(body).values())) == (200, undecided)


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_health_check_passes(site: Site, service: str) -> None:
    assert site.healthy(service)


def test_the_servers_health_checks_pass(site: Site) -> None:
    _, program, *options = SERVICES["postgres"]["healthcheck"]["test"]
    options = [option.replace("127.0.0.1", str(site.postgres.sockets)) for option in options]
    assert subprocess.run([site.postgres.bin / program, *options], capture_output=True, check=False).returncode == 0
    with socket.create_connection(("127.0.0.1", site.valkey_port), timeout=5) as broker:
        broker.sendall(b"PING\r\n")
        assert b"NOAUTH" in broker.recv(100)


def test_a_page_and_what_it_refers_to(site: Site) -> None:
    status, page = site.get("/")
    assert status == 200
    style = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert style is not None
    assert site.get(style[1])[0] == 200


def test_the_log_is_the_owners(site: Site) -> None:
    """The roles that initdb.sh made: the application may write its tables and not the log."""
    url = (site.folder / "web/database_url").read_text().strip()
    with cursor_at(url) as cursor:
        cursor.execute(
            "SELECT has_table_privilege('petitions_petition', 'INSERT, UPDATE'), "
            "has_table_privilege('audit_event', 'SELECT'), "
            "has_table_privilege('audit_event', 'INSERT, UPDATE, DELETE, TRUNCATE'), "
            "has_schema_privilege('public', 'CREATE'), pg_has_role('massline_owner', 'MEMBER')"
        )
        assert cursor.fetchone() == (True, True, False, False, False)


def test_unhealthy_when_it_is_gone(site: Site) -> None:
    stopped = {**site.environ("beat"), "REDIS_URL": "redis://127.0.0.1:1/0"}
    command = SERVICES["beat"]["healthcheck"]["test"][1:]
    assert subprocess.run(command, env=stopped, cwd=site.app, capture_output=True, check=False).returncode != 0


# --- the files ------------------------------------------------------------------------------------------------------


def test_every_service_is_there() -> None:
    assert set(SERVICES) == OURS | {"postgres", "valkey"}
    assert {SERVICES[name]["image"] for name in ("postgres", "valkey")} == {"postgres:18", "valkey/valkey:9"}
    assert {name for name in SERVICES if "healthcheck" not in SERVICES[name]} == {"migrate"}


def test_what_is_named_is_there() -> None:
    for description in SERVICES.values():
        for volume in description["volumes"]:
            source = volume.split(":")[0]
            assert (BASE / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]
        assert set(description.get("depends_on", {})) <= set(SERVICES)


def test_reached_from_this_machine_only() -> None:
    ports = [port for description in SERVICES.values() for port in description.get("ports", [])]
    assert [interpolated(port) for port in ports] == ["127.0.0.1:8000:8000"]


def test_no_secret_but_by_file() -> None:
    """And each service lists exactly those that it names."""
    for service, description in SERVICES.items():
        said = json.dumps(description.get("environment", {})) + description["command"]
        named = set(re.findall(r"/run/secrets/(\w+)", said))
        if service == "postgres":
            named |= set(re.findall(r"password_in (\w+)\)", (BASE / "docker/initdb.sh").read_text()))
        assert named == set(description["secrets"]), service
        for name in description.get("environment", {}):
            assert name.endswith("_FILE") or not re.search(r"KEY|URL|PASSWORD", name)


def test_only_migrate_knows_the_owner() -> None:
    assert {name for name in OURS if "database_owner_url" in SERVICES[name]["secrets"]} == {"migrate"}
    assert {name for name in OURS if "OWNER" in json.dumps(SERVICES[name]["environment"])} == {"migrate"}


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_who_serves_is_not_told_of_the_owner(site: Site, service: str) -> None:
    password = (site.folder / "secrets/database_owner_url").read_text().split(":")[2].split("@")[0]
    pid = next(child.pid for child in site.children if child.name == service)
    assert password not in Path(f"/proc/{pid}/environ").read_bytes().decode()
    assert all(password not in path.read_text() for path in (site.folder / service).iterdir())


def test_ours_run_without_rights() -> None:
    for service in OURS:
        description = SERVICES[service]
        assert description["read_only"] and description["cap_drop"] == ["ALL"], service
        assert description["environment"]["MASSLINE_ENV"] == "production"
    assert instructions("USER") == ["10001:10001"]


def test_the_image_has_two_stages_and_pinned_packages() -> None:
    assert len(instructions("FROM")) == 2 and len({line.split()[0] for line in instructions("FROM")}) == 1
    assert "--require-hashes -r requirements.txt" in DOCKERFILE


def test_each_of_ours_is_told_whether_files_are_scanned() -> None:
    """Left open in .env it is undecided, which every program takes."""
    for service in OURS:
        given = SERVICES[service]["environment"]
        assert given["MASSLINE_SCANNER"] == "${MASSLINE_SCANNER:-}" and given["MASSLINE_CLAMD"] == "${MASSLINE_CLAMD:-}"


def test_no_secret_comes_into_the_image() -> None:
    rules = (BASE / ".dockerignore").read_text().splitlines()
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    assert not any(fnmatch.fnmatch(name, rule) for name in ("secrets", ".env", "var", ".git") for rule in let_in)


def test_the_programs_are_those_of_make_up(tmp_path: Path) -> None:
    stack = Stack(Env({"MASSLINE_HOME": str(tmp_path), "HOST": "0.0.0.0", "PORT": "8000"}))
    stack.environ = {}
    for program in stack._programs():
        assert ["python", *program.command[1:]] == shlex.split(SERVICES[program.name]["command"])


def test_the_databases_log_says_as_little_as_the_embedded_one() -> None:
    ours = dict(part.split("=") for part in shlex.split(SERVICES["postgres"]["command"]) if "=" in part)
    kept = {name: value for name, value in embedded.SETTINGS.items() if name.startswith("log_") or name == "timezone"}
    assert ours == kept


def test_the_broker_keeps_what_the_embedded_one_keeps(tmp_path: Path) -> None:
    config = Valkey(embedded.Home.at(tmp_path))._config()
    for line in ("appendonly yes", "maxmemory-policy noeviction"):
        assert line in config and f"--{line}" in SERVICES["valkey"]["command"]


def test_secrets_are_made_once(tmp_path: Path) -> None:
    assert make_secrets(tmp_path).returncode == 0
    folder = tmp_path / "secrets"
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert {f"./secrets/{name}" for name in made} == {secret["file"] for secret in COMPOSE["secrets"].values()}
    assert folder.stat().st_mode & 0o777 == 0o700 and not (tmp_path / "secrets.new").exists()
    random = [value for text in made.values() for value in re.findall(r"[0-9a-f]{64}", text)]
    assert (len(random), len(set(random))) == (7, 6)  # the broker's password stands in two files
    assert make_secrets(tmp_path).returncode == 1
    assert {path.name: path.read_text() for path in folder.iterdir()} == made
