"""Which pages are pictured on the frozen morning, by whom and on what way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.import_lab import BAD, GOOD, HEAD, LATE, OPEN

Then = Callable[[Any, Mapping[str, str]], None]
OLD_LEDGER = (HEAD + GOOD + LATE + OPEN + BAD).encode()


@dataclass(frozen=True)
class Picture:
    """One page. In its address {handling} is the number of that petition; `then` is what is done before the picture."""

    name: str
    who: str
    address: str
    then: Then | None = None
    unfold: bool = False
    """Whether all that can be unfolded is: the forms of a petition's page."""


def _press(name: str) -> Then:
    return lambda page, names: page.get_by_role("button", name=name).first.click()


def _first(links: str) -> Then:
    return lambda page, names: page.locator(links).first.click()


def _faulty_filing(page: Any, names: Mapping[str, str]) -> None:
    page.fill("[name=title]", "小区电梯停运两周")
    page.fill("[name=phone]", "no phone")
    page.click("main button[type=submit]")
    page.wait_for_selector("#error-summary")


def _check(page: Any, names: Mapping[str, str]) -> None:
    page.check("[name=purpose][value=request]")
    page.fill("[name=title]", "小区电梯停运两周")
    page.fill("[name=body]", "三号楼两部电梯都停了，楼里有八十岁的老人。")
    page.get_by_role("combobox").first.type("物业服务")
    page.keyboard.press("Enter")
    page.select_option("[name=region]", "990100000000")
    page.fill("[name=name]", "王小明")
    page.fill("[name=phone]", "13912345678")
    page.locator(".finish button").click()
    page.wait_for_url("**/?check")


def _file(page: Any, names: Mapping[str, str]) -> None:
    _check(page, names)
    page.locator(".finish button").click()
    page.wait_for_url("**/receipt/")


def _track(code: str) -> Then:
    def typed(page: Any, names: Mapping[str, str]) -> None:
        page.fill("[name=number]", names[code])
        page.fill("[name=tracking_code]", names[f"code of {code}"])
        page.click("main button[type=submit]")
        page.wait_for_url("**/track/own/")

    return typed


def _wrong_code(page: Any, names: Mapping[str, str]) -> None:
    page.fill("[name=number]", "XF20200101-000001")
    page.fill("[name=tracking_code]", "AAAA-AAAA-AAAA-AAAA-AAAA")
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def _narrow(page: Any, names: Mapping[str, str]) -> None:
    with page.expect_response(lambda answer: "/desk/ledger/?" in answer.url):
        page.select_option("[name=state]", "handling")


def _seek_person(page: Any, names: Mapping[str, str]) -> None:
    page.fill("[name=value]", "宋试民")
    page.select_option("[name=ground]", "repeated")
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def _answer_nothing(page: Any, names: Mapping[str, str]) -> None:
    page.click("#act-answer summary")
    page.click("#act-answer button[type=submit]")
    page.wait_for_load_state()


def _choose_three(page: Any, names: Mapping[str, str]) -> None:
    for n in range(3):
        page.locator("[name=number]").nth(n).check()
    page.get_by_role("button", name="批量办理所选").click()
    page.wait_for_url("**/bulk/")


def _register_three(page: Any, names: Mapping[str, str]) -> None:
    _choose_three(page, names)
    page.locator("details.act summary").first.click()
    page.locator("details.act button[type=submit]").first.click()
    page.wait_for_selector(".bulk-result")


def _upload(page: Any, names: Mapping[str, str]) -> None:
    page.fill("[name=source]", "老台账")
    page.set_input_files("[name=file]", {"name": "旧.csv", "mimeType": "text/csv", "buffer": OLD_LEDGER})
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/imports/*/")


def _import(page: Any, names: Mapping[str, str]) -> None:
    page.locator("td.title a").first.click()
    page.select_option("[name=region]", "990100000000")
    for name, value in (("category", "990000"), ("purpose", "other"), ("outcome", "explained")):
        page.select_option(f"[name={name}]", value, force=True)  # with script a finder stands before the classes
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_load_state()
    page.reload()


def _export(page: Any, names: Mapping[str, str]) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/exports/*/")
    page.reload()


PUBLIC: tuple[Picture, ...] = (
    Picture("home", "", "/"),
    Picture("file_begin", "", "/file/"),
    Picture("file_matter", "", "/file/matter/", unfold=True),
    Picture("file_faulty", "", "/file/both/", _faulty_filing),
    Picture("file_check", "", "/file/matter/", _check),
    Picture("signpost", "", "/where-to-turn/"),
    Picture("receipt", "", "/file/matter/", _file),
    Picture("track_wrong_code", "", "/track/", _wrong_code),
    Picture("tracked_handling", "", "/track/", _track("talked"), unfold=True),
    Picture("tracked_closed", "", "/track/", _track("returned")),
    Picture("sign_in", "", "/desk/sign-in/"),
)
"""At the width of a desk and of a phone."""
DESK: tuple[Picture, ...] = (
    Picture("my_work_clerk", "clerk", "/desk/"),
    Picture("my_work_handler", "handler", "/desk/"),
    Picture("my_work_leader", "leader", "/desk/"),
    Picture("ledger", "clerk", "/desk/ledger/"),
    Picture("ledger_of_auditor", "auditor", "/desk/ledger/"),
    Picture("ledger_filtered", "leader", "/desk/ledger/?state=handling&q=楼道"),
    Picture("ledger_overdue", "leader", "/desk/ledger/?overdue=true"),
    Picture("ledger_part", "leader", "/desk/ledger/", _narrow),
    Picture("person_search", "clerk", "/desk/ledger/person/"),
    Picture("person_found", "clerk", "/desk/ledger/person/", _seek_person),
    Picture("petition_received", "clerk", "/desk/petitions/{received}/", unfold=True),
    Picture("petition_forwarded", "receiver", "/desk/petitions/{forwarded}/", unfold=True),
    Picture("petition_handling", "handler", "/desk/petitions/{talked}/", unfold=True),
    Picture("petition_answered", "chief", "/desk/petitions/{answered}/", unfold=True),
    Picture("petition_closed", "leader", "/desk/petitions/{rated}/", unfold=True),
    Picture("petition_returned", "leader", "/desk/petitions/{returned}/", unfold=True),
    Picture("petition_overdue", "mayor", "/desk/petitions/{unaccepted}/"),
    Picture("petition_of_a_group", "leader", "/desk/petitions/{group}/"),
    Picture("petition_unknown", "outsider", "/desk/petitions/{handling}/"),
    Picture("petition_faulty", "handler", "/desk/petitions/{handling}/", _answer_nothing),
    Picture("entry", "clerk", "/desk/petitions/new/", unfold=True),
    Picture("bulk", "district_clerk", "/desk/ledger/", _choose_three, unfold=True),
    Picture("bulk_done", "district_clerk", "/desk/ledger/", _register_three),
    Picture("letters", "clerk", "/desk/letters/", unfold=True),
    Picture("letter", "clerk", "/desk/letters/", _press("显示联系方式")),
    Picture("transfers", "clerk", "/desk/transfers/"),
    Picture("transfer", "clerk", "/desk/transfers/", _first("main tbody a")),
    Picture("transfer_new", "clerk", "/desk/transfers/new/"),
    Picture("import_preview", "clerk", "/desk/imports/", _upload),
    Picture("import", "clerk", "/desk/imports/", _import),
    Picture("imports", "clerk", "/desk/imports/"),
    Picture("inbox", "handler", "/desk/inbox/"),
    Picture("inbox_leader", "leader", "/desk/inbox/"),
    Picture("mail_preferences", "handler", "/desk/preferences/"),
    Picture("escalations", "leader", "/desk/escalations/"),
    Picture("escalation", "leader", "/desk/escalations/", _first("main h2 a"), unfold=True),
    Picture("dashboard", "leader", "/desk/dashboard/", lambda page, names: page.reload()),
    Picture("bulletin_waits", "leader", "/desk/dashboard/", _first("#bulletins li:last-child a")),
    Picture("export_new", "auditor", "/desk/exports/new/?state=handling"),
    Picture("export", "auditor", "/desk/exports/new/", _export),
    Picture("exports", "auditor", "/desk/exports/"),
    Picture("password", "clerk", "/desk/password/"),
    Picture("refused", "auditor", "/desk/imports/"),
)
ENGLISH: tuple[Picture, ...] = (
    Picture("home_in_english", "", "/"),
    Picture("ledger_in_english", "leader", "/desk/ledger/"),
    Picture("petition_in_english", "handler", "/desk/petitions/{talked}/", unfold=True),
)
