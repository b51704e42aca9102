"""The desk's menu is made from what the apps register: who is shown what, how much waits, and where one begins."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import menu
from accounts.menu import MenuItem, items_for
from accounts.models import Kind, User
from audit.models import AuditEvent
from responsibility.models import Organ
from tests.reader import page, reader

pytestmark = pytest.mark.django_db
WORKS = "desk ledger tasks regulations dashboard publications letters inbox".split()
LEADS = "desk escalations ledger tasks regulations dashboard publications decision_new letters transfers inbox".split()
DRAFTS = ["petition_new", "decision_new"]
OFFICE = [*WORKS[:6], *DRAFTS, "imports", "letters", "transfers", "inbox"]
READS = "ledger tasks regulations dashboard publications exports transfers inbox".split()
MENUS = {
    "handler": WORKS,
    "deputy": WORKS,
    "leader": LEADS,
    "mayor": [*LEADS[:7], "task_new", *LEADS[7:]],
    "receiver": [*WORKS[:6], *DRAFTS, "letters", "transfers", "inbox"],
    "clerk": OFFICE,
    "chief": ["desk", "escalations", *OFFICE[1:6], "exports", *OFFICE[6:]],
    "inspector": READS,
    "auditor": READS,
    "sysadmin": ["inbox"],
    "secadmin": ["inbox"],
    "auditadmin": ["inbox"],
}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, MenuItem]:
    """What is registered in a test is gone after it."""
    monkeypatch.setattr(menu, "_items", dict(menu._items))
    return menu._items


def entries(user: User) -> Any:
    return menu._entries(user, "/desk/")


@pytest.mark.parametrize("who", MENUS)
def test_everybody_is_shown_what_they_have_something_in(city: SimpleNamespace, who: str) -> None:
    assert [item.address for item in items_for(getattr(city, who))] == MENUS[who]


def test_a_mechanism_adds_its_page_with_how_much_waits(city: SimpleNamespace, registry: Any) -> None:
    before = page(city.handler, "/desk/")
    item = MenuItem(
        "preferences", "督办任务", "flag", 35, lambda u: u.kind == Kind.OFFICIAL, lambda u: Organ.objects.all()
    )
    menu.register(item)
    assert "督办任务" not in before
    assert f"台账 督办任务 {Organ.objects.count()} 制度库" in page(city.handler, "/desk/"), "in its place"
    assert "督办任务" not in page(city.auditor, "/desk/inbox/")


def test_an_item_that_needs_rows_is_shown_where_there_are_some(city: SimpleNamespace, registry: Any) -> None:
    code = "nowhere"
    needs = {"needs": lambda user: Organ.objects.filter(code=code)}
    menu.register(MenuItem("preferences", "督办任务", "flag", 35, lambda u: u.kind == Kind.OFFICIAL, **needs))
    assert "督办任务" not in page(city.handler, "/desk/")
    code = "office"
    assert "督办任务" in page(city.handler, "/desk/")
    assert "督办任务" not in page(city.auditor, "/desk/inbox/")


def test_all_that_the_menu_asks_for_is_one_statement(city: SimpleNamespace, registry: Any) -> None:
    items_for(city.leader)  # reads which posts they hold, once a request
    rows = lambda user: Organ.objects.all()  # noqa: E731
    for n, address in enumerate(("preferences", "password", "undelivered")):
        menu.register(MenuItem(address, address, "flag", n, lambda u: True, rows, needs=rows))
    with CaptureQueriesContext(connection) as sent:
        entries(city.leader)
    assert len(sent) == 1, [query["sql"][:90] for query in sent]


def test_whoever_holds_no_post_begins_at_the_first_page_of_their_menu(city: SimpleNamespace, registry: Any) -> None:
    assert reader(city.auditor).get("/desk/")["Location"] == "/desk/ledger/"
    assert reader(city.sysadmin).get("/desk/")["Location"] == "/desk/inbox/"
    del registry["ledger"]
    assert reader(city.auditor).get("/desk/")["Location"] == "/desk/tasks/"


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("/desk/ledger/", "台账"),
        ("/desk/ledger/person/", "台账"),
        ("/desk/petitions/new/", "登记来件"),
        ("/desk/petitions/XF20260915-000001/", "信访事项"),
        ("/desk/undelivered/", "未送达的通知"),
        ("/desk/exports/", "数据导出"),
    ],
)
def test_the_log_names_the_page_that_an_administrator_was_refused(
    city: SimpleNamespace, path: str, called: str
) -> None:
    assert reader(city.secadmin).get(path).status_code == 403
    assert AuditEvent.objects.get(name="page_refused").facts == {"page": called}
