"""The register: papers go straight into it, files and erasure."""

from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from audit import log
from audit.models import AuditEvent
from petitions.models import Petition
from petitions.transfers.models import Transfer
from petitions.transfers.sealing import open_sealed
from records.files.models import Attachment
from responsibility.models import Obligation
from tests.city import act, walk_to
from tests.import_lab import files_in, private_folder
from tests.reader import reader
from tests.transfer_lab import TO_JIWEI, add_discipline, handed_over, receipt

pytestmark = pytest.mark.django_db
NEW = "/desk/transfers/new/"
PAPER = {"channel": "letter", "organ": "jiwei", "pages": "12"}
FILE = b"\xe6\x9e\x97\xe5\xb1\x80\xe9\x95\xbf\xe6\x94\xb6\xe9\x92\xb1\xe7\x9a\x84\xe8\xae\xb0\xe5\xbd\x95"


@pytest.fixture(autouse=True)
def disciplined(city: SimpleNamespace) -> SimpleNamespace:
    return add_discipline(city)


# --- Papers -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("channel", ["letter", "visit", "phone"])
def test_a_letter_visit_or_call_goes_straight_into_the_register(city: SimpleNamespace, channel: str) -> None:
    answer = reader(city.clerk).post(NEW, PAPER | {"channel": channel})
    line = Transfer.objects.get()
    assert answer["Location"] == f"/desk/transfers/{line.number}/"
    assert (line.channel, line.pages, line.sent_to.code, line.demand) == (channel, 12, "jiwei", None)
    assert not Petition.objects.exists() and Obligation.objects.get().rule == "SV04"
    assert AuditEvent.objects.get(name="transfer.entered").actor_key == "clerk"
    assert receipt(line).state == "receipted"


def test_nothing_of_what_it_says_can_be_typed(city: SimpleNamespace) -> None:
    main = reader(city.clerk).get(NEW).content.decode().split("<main")[1]
    assert "<textarea" not in main and 'type="text"' not in main
    assert 'href="/desk/transfers/new/"' in reader(city.clerk).get("/desk/petitions/new/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"pages": ""}, {"pages": "0"}, {"organ": ""}, {"organ": "office"}, {"organ": "x"}, {"channel": "web"}]
)
def test_a_fault_is_said_beside_its_field_and_nothing_is_entered(city: SimpleNamespace, wrong: dict[str, str]) -> None:
    answer = reader(city.clerk).post(NEW, PAPER | wrong)
    assert answer.status_code == 422 and f'id="id_{next(iter(wrong))}_error"' in answer.content.decode()
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("who", ["handler", "leader", "mayor", "inspector", "auditor", "sysadmin"])
def test_only_a_petition_office_enters_papers(city: SimpleNamespace, who: str) -> None:
    assert reader(getattr(city, who)).post(NEW, PAPER).status_code == 403
    assert not Transfer.objects.exists()


def test_the_register_counts_what_the_yearly_report_asks(city: SimpleNamespace) -> None:
    reader(city.clerk).post(NEW, PAPER)
    receipt(handed_over().line)
    page = reader(city.chief).get("/desk/transfers/").content.decode()
    assert f"{timezone.localdate().year} 年移送 2 件，其中来信、来访、来电 1 件；待回执 1 件" in page


def test_the_register_is_in_the_rail_of_those_who_keep_it(city: SimpleNamespace) -> None:
    for who, there in (("clerk", True), ("letters", True), ("auditor", True), ("handler", False)):
        page = reader(getattr(city, who)).get("/desk/ledger/").content.decode()
        assert ('href="/desk/transfers/"' in page) is there, who


# --- Files --------------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path) -> Any:
    with private_folder(tmp_path / "private") as found:
        yield found


def with_a_file(city: SimpleNamespace) -> SimpleNamespace:
    import base64

    filed = walk_to("handling")
    given = {"name": "收钱.txt", "content": base64.b64encode(FILE).decode(), "public": True}
    act(filed.demand, "handler", "attach", given)
    return filed


def test_files_go_the_same_way(city: SimpleNamespace, folder: Path, django_capture_on_commit_callbacks: Any) -> None:
    filed = with_a_file(city)
    act(filed.demand, "handler", "transfer", TO_JIWEI)
    line = Transfer.objects.get()
    (row,) = Attachment.objects.all()
    path = next(
        link for link in _links(reader(city.handler).get(f"/desk/transfers/{line.number}/")) if "/files/" in link
    )
    assert b"".join(reader(city.handler).get(path).streaming_content) == FILE  # type: ignore[arg-type]
    assert reader(city.leader).get(path).status_code == 404
    assert reader(city.handler).get(f"/desk/petitions/{filed.number}/files/{path.split('/')[-2]}/").status_code == 404
    client = Client()
    client.post("/track/", {"number": filed.number, "tracking_code": filed.code})
    assert client.get(f"/track/own/files/{path.split('/')[-2]}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        receipt(line, by="leader")
    before, salt = row.sha256, row.salt
    row.refresh_from_db()
    line.refresh_from_db()
    assert (row.name, row.sha256, row.erased) == ("", "", True)
    assert reader(city.handler).get(path).status_code == 404
    (sealed,) = files_in(folder)
    assert FILE not in sealed.read_bytes() and line.sealed_files == [f"sealed/{sealed.name}"]
    (kept,) = open_sealed(line)["files"]
    assert (kept["sha256"], kept["salt"]) == (before, b64encode(salt).decode()), "the log's proof of it can be shown"


def _links(answer: Any) -> list[str]:
    import re

    return re.findall(r'href="([^"]+)"', answer.content.decode())


# --- Opening and erasing ------------------------------------------------------------------------------------------
def test_only_a_command_opens_what_is_sealed_and_says_who_and_why(city: SimpleNamespace, capsys: Any) -> None:
    line = handed_over(title="举报林局长").line
    with pytest.raises(CommandError):
        call_command("open_transfer", line.number, "--by", "chief", "--ground", "x")
    receipt(line)
    call_command("open_transfer", line.number, "--by", "chief", "--ground", "〔2026〕3号调取通知书")
    assert "举报林局长" in capsys.readouterr().out
    event = AuditEvent.objects.get(name="transfer.opened")
    assert (event.actor_key, event.reason, event.subject_key) == ("chief", "〔2026〕3号调取通知书", line.number)


def test_erasure_reaches_what_is_sealed(city: SimpleNamespace, folder: Path) -> None:
    from citizens.erasure.erase import erase, numbered

    filed = handed_over()
    receipt(filed.line)
    erase(numbered(filed.number), log.Actor("user", "auditadmin", ""), "个人信息保护法第四十七条")
    filed.line.refresh_from_db()
    assert (filed.line.sealed, filed.line.sealed_files) == (None, [])


def test_erasure_takes_the_sealed_copies_of_files(
    city: SimpleNamespace, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    from citizens.erasure.erase import erase, numbered

    filed = with_a_file(city)
    act(filed.demand, "handler", "transfer", TO_JIWEI)
    with django_capture_on_commit_callbacks(execute=True):
        receipt(Transfer.objects.get(), by="leader")
    assert [file.parent.name for file in files_in(folder)] == ["sealed"]
    with django_capture_on_commit_callbacks(execute=True):
        erase(numbered(filed.number), log.Actor("user", "auditadmin", ""), "个人信息保护法第四十七条")
    assert files_in(folder) == []
