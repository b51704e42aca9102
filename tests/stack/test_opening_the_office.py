"""From an empty folder to a filed petition, in production, by the commands that docs/operations.md names."""

import http.client
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from massline.stack.valkey import free_port
from tests.database import BASE
from tests.stack.test_stack import Launcher

GIVEN, OWN = "typed-by-the-operator", "my own secret words"
PETITION = {
    "title": "楼道照明长期不亮", "body": "三单元楼道灯坏了两个月，多次找物业无果。", "wish": "请尽快修好",
    "place": "幸福里3号楼",
    "category": "010101", "region": "990102000000", "purpose": "request", "tell_by": "sms", "name": "宋试民",
    "phone": "13900000000", "checked": "1", "complained-TOTAL_FORMS": "0", "complained-INITIAL_FORMS": "0",
}  # fmt: skip


class Visitor:
    """Somebody behind the office's own proxy, which speaks TLS: cookies and forms as a browser keeps them."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.page = port, SimpleCookie(), ""

    def get(self, path: str) -> int:
        return self._send("GET", path)

    def post(self, path: str, data: dict[str, str]) -> int:
        """Sends what stands in the form of the page that was opened last."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        assert token is not None, self.page
        return self._send("POST", path, urlencode({"csrfmiddlewaretoken": token[1]} | data))

    def _send(self, method: str, path: str, body: str | None = None) -> int:
        headers = {
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Referer": f"https://127.0.0.1:{self.port}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        self.page, self.location = answer.read().decode(), answer.headers.get("Location", "")
        for each in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(each)
        return answer.status


@pytest.fixture(scope="module")
def launcher(stack_home: Path) -> Iterator[Launcher]:
    launcher = Launcher(stack_home, free_port(), DEMO="0", MASSLINE_PROXIES="1")
    launcher.start()
    try:
        yield launcher
    finally:
        if launcher.popen.poll() is None:
            launcher.end(signal.SIGTERM)


def documented() -> list[list[str]]:
    """The commands of the chapter, as they stand in it."""
    chapter = (BASE / "docs/operations.md").read_text().partition("## Opening the office")[2].partition("\n## ")[0]
    lines = [line for line in chapter.splitlines() if line.startswith("    ")]
    return [shlex.split(line, comments=True) for line in lines]


def run(launcher: Launcher, folder: Path, command: list[str], typed: str = "") -> str:
    """A command typed beside the running stack; only its home is known to it."""
    if command[0] == "manage.py":
        command = [sys.executable, str(BASE / "manage.py"), *command[1:]]
    environ = {"PATH": launcher.environ["PATH"], "MASSLINE_HOME": str(launcher.home)}
    done = subprocess.run(command, env=environ, cwd=folder, input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_from_an_empty_folder_to_a_petition_in_the_ledger(launcher: Launcher, tmp_path: Path) -> None:
    citizen = Visitor(launcher.port)
    assert "office: not open" in launcher.output
    assert launcher.get("/readyz")[1]["office"].startswith("not open")
    assert citizen.get("/") == 200 and "还没有开始受理" in citizen.page
    assert citizen.get("/file/") == 503 and "load_register" in citizen.page

    (tmp_path / "docs").symlink_to(BASE / "docs")
    copy, dry_run, load, set_password = documented()
    run(launcher, tmp_path, copy)
    assert "新增机构 xinfang" in run(launcher, tmp_path, dry_run)
    assert citizen.get("/file/") == 503, "a dry run opens nothing"
    said = run(launcher, tmp_path, load)
    given = dict(row.split()[:2] for row in (tmp_path / "passwords.txt").read_text().splitlines())
    assert {"sysadmin", "secadmin", "auditadmin", "clerk"} < set(given)
    assert not any(password in said for password in given.values())
    assert launcher.get("/readyz")[1]["office"] == "open"

    assert citizen.get("/file/") == 200 and "样例市信访局" in citizen.page and "0000-1234567" in citizen.page
    assert citizen.post("/file/", PETITION) == 302 and citizen.location == "/receipt/"
    assert citizen.get("/receipt/") == 200
    number = re.search(r"XF[0-9-]+\d", citizen.page)
    assert number is not None

    clerk = Visitor(launcher.port)
    clerk.get("/desk/sign-in/")
    assert clerk.post("/desk/sign-in/", {"username": "clerk", "password": given["clerk"]}) == 302
    assert clerk.get("/desk/ledger/") == 302 and clerk.location == "/desk/password/"
    clerk.get("/desk/password/")
    change = {"old_password": given["clerk"], "new_password1": OWN, "new_password2": OWN}
    assert clerk.post("/desk/password/", change) == 302
    assert clerk.get("/desk/ledger/") == 200 and number[0] in clerk.page and "楼道照明长期不亮" in clerk.page

    command = [{"NAME": "clerk"}.get(word, word) for word in set_password]
    assert "必须修改" in run(launcher, tmp_path, command, GIVEN + "\n")
    assert clerk.get("/desk/ledger/") == 302 and "sign-in" in clerk.location
    clerk.get(clerk.location)
    assert clerk.post("/desk/sign-in/", {"username": "clerk", "password": GIVEN}) == 302
    assert clerk.get("/desk/") == 302 and clerk.location == "/desk/password/"


def test_nobody_is_asked_to_make_a_superuser(launcher: Launcher) -> None:
    command = [sys.executable, "manage.py", "createsuperuser"]
    environ = {"PATH": launcher.environ["PATH"], "MASSLINE_HOME": str(launcher.home)}
    done = subprocess.run(command, env=environ, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "三员分立" in done.stderr and "load_register" in done.stderr
