"""Looking at who petitions wants a reason that says something, from everybody, on the page and through REST."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from audit.models import AuditEvent
from citizens.models import CitizenNotification
from citizens.telling.contacts import reason_of
from massline.texts import ReasonField
from petitions.models import Demand, Petition, State
from petitions.public.letters import LETTERS
from records.models import ActText
from tests.api import V1, Api
from tests.city import walk_to
from tests.shared.test_query_counts import signed_in

pytestmark = pytest.mark.django_db
ENOUGH = "上门走访前核对姓名住址"
TOO_SHORT = (
    "", " " * 30, "核对", "一二三四五六七八九", "核对" + " " * 20 + "姓名", "核对" + "\n" * 8 + "姓名",
    "核对" + "\u200b\u202e" * 9,
)  # fmt: skip
EVERYBODY = ("clerk", "chief", "receiver", "handler", "deputy", "leader", "mayor", "inspector", "auditor")


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_looks_for_less_than_ten_characters(city: SimpleNamespace, who: str) -> None:
    filed = walk_to(State.HANDLING)
    user, address = getattr(city, who), f"/desk/petitions/{filed.number}/acts/unmask/"
    for reason in TOO_SHORT:
        given = {"fields": ["name"], "reason": reason}
        page = signed_in(user).post(address, given)
        assert page.status_code == 422 and "宋试民" not in page.content.decode(), reason
        answer = Api(user).post(f"/petitions/{filed.number}/acts/unmask/", given)
        assert answer.status_code == 422 and list(answer.json()["errors"]) == ["reason"], reason
    assert not AuditEvent.objects.filter(name="petition.unmasked").exists()
    given = {"fields": ["name"], "reason": f"  {ENOUGH[:5]}\n\n{ENOUGH[5:]} "}
    assert "宋试民" in signed_in(user).post(address, given).content.decode()
    assert Api(user).post(f"/petitions/{filed.number}/acts/unmask/", given).json()["unmasked"] == {"name": "宋试民"}
    assert set(ActText.objects.filter(act="unmask").values_list("text", flat=True)) == {f"{ENOUGH[:5]} {ENOUGH[5:]}"}


def test_the_page_says_how_much_is_missing(city: SimpleNamespace) -> None:
    filed, client = walk_to(State.HANDLING), signed_in(city.handler)
    address, given = f"/desk/petitions/{filed.number}/acts/unmask/", {"fields": ["name"], "reason": "核对   姓名"}
    assert "理由至少十个字，现在有 5 个字，请写清楚为什么需要" in client.post(address, given).content.decode()
    english = client.post(address, given, headers={"Accept-Language": "en"}).content.decode()
    assert "at least ten characters" in english and "5" in english


def test_clients_are_told_beforehand(city: SimpleNamespace) -> None:
    filed = walk_to(State.HANDLING)
    acts = Api(city.handler).get(f"/petitions/{filed.number}/").json()["acts"]
    fields = {f["name"]: f for f in next(a for a in acts if a["slug"] == "unmask")["fields"]}
    assert fields["reason"]["min_length"] == 10 and "十个字" in fields["reason"]["help"]
    schema = Api().client.get(V1 + "/schema/", {"format": "json"}, headers={"Accept": "application/json"}).content
    assert b"minLength: 10" in schema or b'"minLength":10' in schema.replace(b" ", b"")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("letter", LETTERS.titles)
def test_a_telling_is_a_reason_by_itself(letter: str, language: str) -> None:
    """Whoever tells the petitioner presses a button, and what they tell stands on record as their reason."""
    with translation.override(language):
        about = CitizenNotification(subject_kind="petition", letter=letter)
        about.record = Demand(petition=Petition(number="XF20260101-000001"))
        assert ReasonField().clean(reason_of(about))
