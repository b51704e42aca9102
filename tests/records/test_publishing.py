"""Words of a record become public by two acts of two posts, and only those words."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from massline.acts import Acts, Invalid, NotVisible, Refused, WrongState
from records.kinds import record_type, register
from records.models import ActText, Publication
from records.publishing.duty import SECRECY
from responsibility.models import Notice, Obligation, OrganDuty
from tests.api import V1
from tests.chain_lab import event
from tests.city import SINCE, has_duty
from tests.reader import page, reader
from tests.remarks.desk import ACTS
from tests.remarks.models import Remark
from tests.secrecy_lab import CLEARED, GROUNDS, PARTLY, REFERRED, REFUSED, WHY, WITHDRAWN, add_secrecy, do
from tests.shared.from_outside import erased
from tests.shared.kinds import all_kinds
from tests.shared.kinds.publication import WORDS, proposed
from tests.shared.kinds.remark import FILING, remark

pytestmark = pytest.mark.django_db
LIST, PUBLIC = "/public/remarks/", f"{V1}/public/remarks/"


@pytest.fixture
def town(city: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with all_kinds():
        yield add_secrecy(city)


@pytest.fixture
def source(town: SimpleNamespace) -> Remark:
    made: Remark = remark(town, "answered")
    return made


@pytest.fixture
def proposal(town: SimpleNamespace, source: Remark) -> Publication:
    return proposed(town, source)


def hash_of(words: dict[str, str]) -> str:
    return hashlib.sha256(
        json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def shown(source: Remark) -> tuple[int, str]:
    answer = Client().get(f"{LIST}{source.number}/")
    return answer.status_code, answer.content.decode()


def test_nothing_is_public_before_it_is_cleared(town: SimpleNamespace, source: Remark, proposal: Publication) -> None:
    assert shown(source)[0] == 404 and source.number not in Client().get(LIST).content.decode()
    assert Client().get(PUBLIC).json()["results"] == [] and Client().get(f"{PUBLIC}{source.number}/").status_code == 404


def test_what_is_public_are_the_words_that_were_cleared(
    town: SimpleNamespace, source: Remark, proposal: Publication
) -> None:
    do(proposal, town.secrecy, "clear", CLEARED)
    event()
    Remark.objects.filter(pk=source.pk).update(title="改过的题目")
    status, text = shown(source)
    assert status == 200 and WORDS["body"] in text and FILING["body"] not in text and "改过的题目" not in text
    names = (town.handler.name, town.secrecy.name, town.leader.name)
    assert not any(name in text for name in names) and source.organ.name in text
    (row,) = Client().get(PUBLIC).json()["results"]
    assert row == {"title": WORDS["title"], "organ": source.organ.name, "published_on": row["published_on"]}
    one = Client().get(f"{PUBLIC}{source.number}/").json()
    assert (one["body"], one["hash"], one["earlier"]) == (WORDS["body"], hash_of(WORDS), [])


def test_the_form_is_filled_in_with_what_the_kind_suggests(town: SimpleNamespace, source: Remark) -> None:
    form = ACTS["propose_publication"].build_form(source, town.handler, None)
    assert form.initial == {"title": source.title, "body": source.body}


def test_the_secrecy_organ_owes_the_clearing(town: SimpleNamespace, proposal: Publication) -> None:
    owed = Obligation.objects.get(subject_kind="publication", rule="PB01")
    assert (owed.organ, owed.post) == (town.organ["baomi"], town.post["secrecy"])
    assert proposal.number in page(town.secrecy, "/desk/") and proposal.number not in page(town.handler, "/desk/")
    do(proposal, town.secrecy, "clear", CLEARED)
    owed.refresh_from_db()
    assert owed.outcome == "met"
    assert Notice.objects.get(kind="publication.decided").recipient == town.handler


def test_a_part_is_public_when_the_clearer_takes_the_rest_away(
    town: SimpleNamespace, source: Remark, proposal: Publication
) -> None:
    do(proposal, town.secrecy, "clear", PARTLY | {"word_title": WORDS["title"], "word_body": "××没有人值守。"})
    proposal.refresh_from_db()
    assert proposal.words == {"title": WORDS["title"], "body": "××没有人值守。"}
    assert (proposal.result, proposal.content_hash) == ("partly_public", hash_of(proposal.words))
    assert "中午没有人值守" not in shown(source)[1]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (CLEARED | {"grounds": GROUNDS[:2]}, "grounds"),
        (CLEARED | {"word_body": "没有人。"}, "result"),
        (PARTLY, "result"),
        (PARTLY | {"reason": ""}, "reason"),
        (PARTLY | {"word_body": "晚上没有人值守。"}, "word_body"),
        (PARTLY | {"word_title": ""}, "word_title"),
        ({"result": "refused"}, "reason"),
        (REFERRED | {"refer_to": ""}, "refer_to"),
        (REFERRED | {"refer_to": "above"}, "refer_to"),
        ({}, "result"),
    ],
)
def test_a_result_needs_what_it_rests_on(
    town: SimpleNamespace, proposal: Publication, data: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Invalid) as caught:
        do(proposal, town.secrecy, "clear", data)
    assert fault in caught.value.errors


def test_who_proposed_never_clears_even_in_the_secrecy_organ(town: SimpleNamespace, proposal: Publication) -> None:
    event()
    has_duty(town.organ["department"], SECRECY, region=town.region["990102000000"])
    Publication.objects.filter(pk=proposal.pk).update(organ=town.organ["department"])
    with pytest.raises(Refused):
        do(proposal, town.handler, "clear", CLEARED)
    assert do(proposal, town.colleague, "clear", CLEARED).state == "public"


def test_refused_words_stay_inside_with_the_reason(
    town: SimpleNamespace, source: Remark, proposal: Publication
) -> None:
    do(proposal, town.secrecy, "clear", REFUSED)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.content_hash, proposal.grounds) == ("refused", "", [])
    assert shown(source)[0] == 404 and WHY in page(town.handler, f"/desk/publications/{proposal.number}/")
    assert proposed(town, source).state == "proposed", "other words may be proposed"


def test_a_referral_goes_to_the_organ_above(town: SimpleNamespace, source: Remark, proposal: Publication) -> None:
    event()
    district = town.organ["district_office"]
    has_duty(district, SECRECY)
    Publication.objects.filter(pk=proposal.pk).update(organ=district)
    do(proposal, town.district_chief, "clear", REFERRED | {"refer_to": "above"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.organ) == ("referred", town.organ["baomi"])
    owed = Obligation.objects.get(subject_kind="publication", closed_at=None)
    assert (owed.rule, owed.organ) == ("PB02", town.organ["baomi"])
    assert do(proposal, town.secrecy, "clear", CLEARED).state == "public"


def test_what_was_referred_outside_stays_until_it_is_decided(town: SimpleNamespace, proposal: Publication) -> None:
    do(proposal, town.secrecy, "clear", REFERRED)
    assert Publication.objects.get().organ == town.organ["baomi"]
    assert do(proposal, town.secrecy, "clear", REFUSED).state == "refused"
    assert not Obligation.objects.filter(subject_kind="publication", closed_at=None).exists()


def test_one_is_proposed_at_a_time(town: SimpleNamespace, source: Remark, proposal: Publication) -> None:
    with pytest.raises(WrongState):
        proposed(town, source)
    do(proposal, town.handler, "retract", {})
    assert proposed(town, source).state == "proposed"


def test_without_a_secrecy_organ_nothing_is_offered(town: SimpleNamespace, source: Remark) -> None:
    event()
    OrganDuty.objects.filter(duty=SECRECY).update(until=SINCE + timedelta(days=1))
    assert "propose_publication" not in {each.slug for each in ACTS.open_to(source, town.handler)}
    with pytest.raises(WrongState):
        proposed(town, source)


def test_a_correction_takes_the_place_of_what_was_public(
    town: SimpleNamespace, source: Remark, proposal: Publication
) -> None:
    do(proposal, town.secrecy, "clear", CLEARED)
    better = proposed(town, source, body="轮班后有人值守。")
    assert better.corrects == proposal and WORDS["body"] in shown(source)[1], "until it is cleared"
    do(better, town.secrecy_head, "clear", CLEARED)
    proposal.refresh_from_db()
    _status, text = shown(source)
    assert proposal.state == "superseded" and "轮班后有人值守。" in text and WORDS["body"] not in text
    assert hash_of(WORDS) in text
    (earlier,) = Client().get(f"{PUBLIC}{source.number}/").json()["earlier"]
    assert earlier["hash"] == hash_of(WORDS) and earlier["until"]


@pytest.mark.parametrize("who", ["secrecy", "handler"])
def test_what_is_withdrawn_is_gone_at_once_and_its_hash_stays(
    town: SimpleNamespace, source: Remark, proposal: Publication, who: str
) -> None:
    do(proposal, town.secrecy, "clear", CLEARED)
    do(proposal, getattr(town, who), "withdraw", WITHDRAWN)
    status, text = shown(source)
    assert status == 410 and WORDS["body"] not in text and WORDS["title"] not in text and hash_of(WORDS) in text
    assert source.number not in Client().get(LIST).content.decode()
    assert Client().get(PUBLIC).json()["results"] == [] and Client().get(f"{PUBLIC}{source.number}/").status_code == 404


def test_who_is_recused_from_the_record_never_sees_its_publication(city: SimpleNamespace) -> None:
    with all_kinds():
        add_secrecy(city)
        made = proposed(
            city,
            remark(city, "answered", complained_about=[{"kind": "person", "name": city.secrecy.name, "organ": ""}]),
        )
        assert Publication.objects.for_user(city.secrecy_head).get() == made
        assert not Publication.objects.for_user(city.secrecy).exists()
        with pytest.raises(NotVisible):
            do(made, city.secrecy, "clear", CLEARED)


def test_erasing_the_person_empties_what_was_public_and_leaves_the_hash(
    town: SimpleNamespace, source: Remark, proposal: Publication
) -> None:
    do(proposal, town.secrecy, "clear", PARTLY | {"word_body": "没有人值守。"})
    erased(source)
    proposal.refresh_from_db()
    assert proposal.content == "" and len(proposal.content_hash) == 64
    assert shown(source)[0] == 404 and not ActText.objects.exclude(text="").exists()


def test_the_timelines_of_both_say_what_happened(town: SimpleNamespace, source: Remark, proposal: Publication) -> None:
    do(proposal, town.secrecy, "clear", CLEARED)
    of_source = AuditEvent.objects.filter(subject_key=source.number, name__startswith="publication.")
    assert [*of_source.order_by("pk").values_list("name", "public")] == [
        ("publication.proposed", False),
        ("publication.published", True),
    ]
    of_one = AuditEvent.objects.filter(subject_key=proposal.number, name__startswith="publication.")
    assert [*of_one.order_by("pk").values_list("name", flat=True)] == ["publication.made", "publication.published"]


def test_the_page_of_the_record_lists_its_publications(
    town: SimpleNamespace, source: Remark, proposal: Publication
) -> None:
    assert proposal.number in page(town.handler, f"/desk/remarks/{source.number}/")
    one = reader(town.secrecy).get(f"/desk/publications/{proposal.number}/").content.decode()
    assert WORDS["body"] in one and "您看不到这一件的其他内容" in one, "the clearer need not see the record"


def test_a_walled_kind_never_publishes(town: SimpleNamespace) -> None:
    class Publishes(type(ACTS["propose_publication"])):  # type: ignore[misc]
        """The same."""

    walled = replace(record_type("transfer"), kind="walled", plural="walled", acts=Acts(Publishes))
    with pytest.raises(ValueError, match="walled"):
        register(walled)
