"""The help, privacy and accessibility pages: reached from every page, and true."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client

from citizens.models import Filing
from citizens.tracking.lookup import TRACKING
from massline.drafts.box import LIFETIME

pytestmark = pytest.mark.django_db
PAGES = ("/help/", "/privacy/", "/accessibility/")


def page(citizen: Client, path: str, language: str = "zh-hans") -> str:
    response = citizen.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_every_page_for_citizens_leads_to_them(citizen: Client) -> None:
    for path in ("/", "/track/", "/file/matter/", *PAGES):
        foot = page(citizen, path).split("<footer")[1]
        assert set(PAGES) <= set(re.findall(r'href="([^"]+)"', foot)), path


@pytest.mark.parametrize("path", PAGES)
def test_they_say_whom_to_turn_to_offline(city: SimpleNamespace, citizen: Client, path: str) -> None:
    office = city.clerk.appointments.first().post.organ
    type(office).objects.filter(pk=office.pk).update(telephone="0000-1234567", address="人民路1号")
    for language in ("zh-hans", "en"):
        main = page(citizen, path, language).split("<main")[1].split("</main")[0]
        assert office.name in main and "0000-1234567" in main and "人民路1号" in main


@pytest.mark.parametrize("path", PAGES)
def test_before_an_office_is_registered_they_name_the_hotline(db: None, client: Client, path: str) -> None:
    assert "12345" in page(client, path)


def test_what_the_privacy_page_promises_is_what_the_site_does(citizen: Client) -> None:
    said = page(citizen, "/privacy/")
    assert "没有提交的草稿：最多一天" in said and LIFETIME.days == 1
    assert "打开半小时后自动失效" in said and TRACKING.lifetime.total_seconds() == 1800
    assert "姓名、电话、身份证号码、地址、邮箱都加密保存" in said
    assert set(Filing.FIELDS) == {"name", "phone", "id_number", "address", "email"}
