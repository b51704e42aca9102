"""Nothing of an accusation (检举控告, Art. 30) that was handed over reaches anybody: what is only petitions'."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from citizens.models import CitizenNotification
from massline.keys import key_of
from responsibility.models import Escalation, Notice
from tests.api import V1
from tests.city import REGISTER, act, file_petition
from tests.eyes import UNKNOWN, Eyes, assert_same_404, background, climbed_to_the_root, differences, everything
from tests.transfer_lab import TO_JIWEI, add_discipline, handed_over, receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
WORDS = {"title": "举报有人参与强拆", "body": "收了开发商的钱，带人强拆。"}


def long_ago(**more: object) -> SimpleNamespace:
    return file_petition(received_at=timezone.now() - timedelta(days=100), **WORDS, **more)


def test_anchor_12_it_disappears_with_its_receipt_too(city: SimpleNamespace) -> None:
    """For whoever handed it over as well, but for the letter still to tell; all others: tests/shared/test_leaks.py."""
    add_discipline(city)
    background()
    before = everything(city, ["clerk"])
    del before["clerk"]["/desk/letters/"]
    filed = long_ago()
    climbed_to_the_root()
    assert Notice.objects.filter(subject_key=filed.number, recipient=city.mayor, kind="escalated").exists()
    filed.line = handed_over_now(filed)
    climbed_to_the_root()
    receipt(filed.line)
    letters = r'(?<=告知</span>)<span class="count">\d+</span>'
    assert differences(city, before, filed.number, but_for=letters) == []


def handed_over_now(filed: SimpleNamespace) -> object:
    act(filed.demand, "clerk", "transfer", TO_JIWEI)
    filed.demand.refresh_from_db()
    return filed.demand.transfer


@pytest.mark.parametrize("receipted", [False, True])
def test_anchor_12_its_address_answers_as_for_an_unknown_number(city: SimpleNamespace, receipted: bool) -> None:
    add_discipline(city)
    filed = long_ago()
    climbed_to_the_root()
    handed_over_now(filed)
    filed.demand.refresh_from_db()
    if receipted:
        receipt(filed.demand.transfer)
    data = REGISTER | {"text": "x", "reason": "x"}
    for who in ("clerk", "chief", "mayor", "letters", "auditor", "sysadmin"):
        eyes = Eyes(User.objects.get(username=who))
        for path in ("/desk/petitions/{}/", V1 + "/petitions/{}/", V1 + "/petitions/{}/timeline/"):
            assert_same_404(eyes.look(path.format(filed.number)), eyes.look(path.format(UNKNOWN)), filed.number)
        for slug in ("register", "note", "unmask", "no-such-act"):  # all others: test_access_matrix.py
            for path in ("/desk/petitions/{}/acts/{}/", V1 + "/petitions/{}/acts/{}/"):
                got = eyes.post(path.format(filed.number, slug), data)
                assert_same_404(got, eyes.post(path.format(UNKNOWN, slug), data), filed.number)
        for path in hidden_addresses(filed):
            assert eyes.look(path)[0] in (302, 403, 404, 405), path
            if who != "clerk":  # who tells the petitioner
                assert eyes.post(path, {"how": "sms", "text": "x"})[0] in (403, 404, 405), path
    assert not AuditEvent.objects.filter(name="act_refused").exists()


def hidden_addresses(filed: SimpleNamespace) -> list[str]:
    """The addresses of everything that hangs on it."""
    tellings = CitizenNotification.objects.about("petition", filed.demand.pk).values_list("pk", flat=True)
    found = [f"/desk/letters/{key_of('letter', pk)}/{part}" for pk in tellings for part in ("", "cannot/")]
    notices = Notice.objects.filter(subject_key=filed.number)
    found += [f"/desk/inbox/{key_of('notice', pk)}/" for pk in notices.values_list("pk", flat=True)[:1]]
    steps = Escalation.objects.filter(obligation__subject_key=filed.number)
    for pk in (key_of("escalation", pk) for pk in steps.values_list("pk", flat=True)[:1]):
        found += [f"/desk/escalations/{pk}/", f"{V1}/escalations/{pk}/"]
        found += [f"/desk/escalations/{pk}/acts/instruct/", f"{V1}/escalations/{pk}/acts/instruct/"]
    return found


def test_whoever_acts_a_moment_too_late_hears_that_it_has_gone(city: SimpleNamespace) -> None:
    filed, client = file_petition(), Client()
    client.force_login(city.clerk, "django.contrib.auth.backends.ModelBackend")
    page = f"/desk/petitions/{filed.number}/"
    assert client.get(page).status_code == 200
    act(filed.demand, "chief", "transfer", {"organ": "other", "pages": 1, "sure": True})
    assert client.post(f"{page}acts/register/", REGISTER).status_code == 404


def test_the_line_names_no_petition(city: SimpleNamespace) -> None:
    """Who keeps the register, who receives and who oversees see number, day, pages and organ, and no word of it."""
    add_discipline(city)
    filed = handed_over(**WORDS)
    for who in ("chief", "letters", "jiwei_head", "inspector", "auditor"):
        for path in ("/desk/transfers/", f"/desk/transfers/{filed.line.number}/"):
            status, page = Eyes(User.objects.get(username=who)).look(path)
            assert status == 200 and filed.line.number in page, (who, path)
            assert not any(word in page for word in (filed.number, "强拆", "宋试民", "13900000000")), (who, path)
    for who in ("mayor", "secretary", "handler", "other_leader", "district_chief", "sysadmin"):
        assert filed.line.number not in Eyes(User.objects.get(username=who)).look("/desk/transfers/")[1]
        assert Eyes(User.objects.get(username=who)).look(f"/desk/transfers/{filed.line.number}/")[0] in (403, 404)
