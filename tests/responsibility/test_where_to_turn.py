"""Where the people of a place turn to: its organs with address, telephone and hours (Art. 18)."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditRow
from petitions.duties import PETITION_OFFICE
from responsibility.duties import DISCIPLINE, office_for
from responsibility.models import Organ, OrganKind, Region
from tests.api import Api
from tests.city import has_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(city: SimpleNamespace) -> SimpleNamespace:
    """The small city, with a province around it whose discipline organ serves it, too."""
    city.province = Region.objects.create(code="990000000000", name="试水省")
    Region.objects.filter(code="990100000000").update(parent=city.province)
    city.above = discipline("above", city.province, address="清风路2号", telephone="0000-1", hours="工作日")
    return city


def discipline(code: str, region: Region, **more: Any) -> Organ:
    organ = Organ.objects.create(
        code=code, name=f"{region.name}纪委监委", kind=OrganKind.DEPARTMENT, region=region, **more
    )
    return has_duty(organ, DISCIPLINE)


def test_the_nearest_organ_of_a_kind_serves_a_place(city: SimpleNamespace) -> None:
    here, district = city.region["990100000000"], city.region["990102000000"]
    assert office_for(DISCIPLINE, district.pk) == city.above
    own = discipline("own", here)
    assert office_for(DISCIPLINE, district.pk) == own
    assert office_for(DISCIPLINE, city.province.pk) == city.above
    assert office_for(PETITION_OFFICE, district.pk) == city.organ["district_office"]
    assert office_for(PETITION_OFFICE, city.province.pk) is None


def test_a_region_has_one_organ_for_a_duty_at_a_time(city: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError, match="one_organ_a_duty"), transaction.atomic():
        discipline("second", city.province)
    merged, day = city.organ["department"], date(2026, 1, 1)
    city.above.duties.update(until=day)
    has_duty(merged, DISCIPLINE, region=city.province, since=day)
    assert office_for(DISCIPLINE, city.province.pk, day - timedelta(days=1)) == city.above
    assert office_for(DISCIPLINE, city.province.pk, day) == merged


def test_an_organ_that_is_no_more_or_not_yet_has_no_duty(city: SimpleNamespace) -> None:
    here = city.region["990100000000"]
    for days in ({"valid_until": "2026-01-01"}, {"valid_until": None, "valid_from": "2039-01-01"}):
        Organ.objects.filter(code="office").update(**days)
        assert office_for(PETITION_OFFICE, here.pk) is None
        assert [r.code for r in Region.objects.served(PETITION_OFFICE)] == ["990102000000"]


def test_no_place_is_offered_that_no_petition_office_serves(city: SimpleNamespace) -> None:
    """The province stands above all petition offices here: nobody there could receive what is filed for it."""
    served = Region.objects.served(PETITION_OFFICE).order_by("code")
    assert [region.code for region in served] == ["990100000000", "990102000000"]
    page = Api().client.get("/file/matter/").content.decode()
    assert 'value="990102000000"' in page and "试水省" not in page
    roots = Api().get("/public/regions/").json()
    assert [root["code"] for root in roots] == ["990100000000"]
    assert [child["code"] for child in roots[0]["children"]] == ["990102000000"]


def test_an_office_without_posts_serves_nobody(city: SimpleNamespace) -> None:
    empty = Organ.objects.create(code="empty", name="省信访局", kind=OrganKind.DEPARTMENT, region=city.province)
    has_duty(empty, PETITION_OFFICE)
    assert city.province not in Region.objects.served(PETITION_OFFICE)


def test_the_log_keeps_where_an_organ_can_be_found(city: SimpleNamespace) -> None:
    image = AuditRow.objects.filter(table_name="responsibility_organ", image__code="above").latest("pk").image
    assert (image["address"], image["telephone"], image["hours"]) == ("清风路2号", "0000-1", "工作日")
