"""A text of one line holds nothing that turns it round, breaks it or hides in it, whichever way it comes in.

Nothing is refused for such a character: it is left out before the field is judged.
"""

import io
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django import forms
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from citizens.models import Complained
from massline.texts import LineColumn, OneLine, one_line
from petitions.acts import CITIZEN_ACTS, OFFICIAL_ACTS
from petitions.desk.filters import DemandFilter
from petitions.models import Demand, Petition, State
from records.files.models import Attachment
from records.importing.models import Import, ImportedFrom
from records.models import SavedFilter
from responsibility.acts import LEADER_ACTS
from responsibility.models import Organ, Post, Preference
from tests.api import FILING, Api
from tests.city import file_petition, walk_to
from tests.import_lab import private_folder
from tests.shared.test_query_counts import FORM, signed_in

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BREAKS = ("\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\t")
HIDDEN = "\x00\x01\x1b\x7f\x9f\u00ad\u034f\u115f\u200b\u2060\u3164\ufeff\ufffa\U000e0001\U000e0041\U000e007f"
JOINERS = "\u180e\u200c\u200d"
BAD = DIRECTIONS + "".join(BREAKS) + HIDDEN + JOINERS


def spoilt(text: str) -> str:
    """Every bad character before, in and after it, and as every line break reads: a blank in its middle."""
    return BAD + text[0] + DIRECTIONS + HIDDEN + JOINERS + text[1:-1] + "\r\n\u2028" + text[-1] + BAD


def mended(text: str) -> str:
    return f"{text[:-1]} {text[-1]}"


def clean(text: str) -> bool:
    return not set(text) & set(BAD)


# --- The function -------------------------------------------------------------------------------------------------
@given(st.text(st.one_of(st.sampled_from(BAD), st.characters(), st.sampled_from("甲a مᠠ👨\ufe0f")), max_size=20))
def test_one_line_is_one_line_whatever_comes(text: str) -> None:
    once = one_line(text)
    assert one_line(once) == once == once.strip()
    assert not set(once) & (set(BAD) - set(JOINERS))
    assert len(once.splitlines()) <= 1


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_of_any_kind_is_one_blank(line_break: str) -> None:
    assert one_line(f"甲{line_break}乙{line_break}") == "甲 乙"


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 ???", "❤\ufe0f\u200d🔥", "می\u200cخواهم", "ᠮᠣᠩᠭᠣᠯ\u180eᠠ", "葛\U000e0100城", "㐀𠮷\ue000",
        "Ａ　Ｂ c", "O’Neil-李",
    ],
)  # fmt: skip
def test_what_a_name_or_a_picture_needs_stays(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize("joiner", JOINERS)
def test_a_joiner_beside_letters_that_nothing_joins_goes(joiner: str) -> None:
    assert one_line(f"{joiner}辛{joiner}访{joiner}{joiner}明{joiner}") == "辛访明"
    assert one_line(f"👨{joiner}") == "👨"


# --- Ways in ------------------------------------------------------------------------------------------------------
LINES = {"title": "楼道照明不亮", "place": "幸福里三号楼", "name": "宋试民", "address": "幸福里三号楼一单元"}
NAMED = {"complained-0-name": "某某物业公司", "complained-1-name": "某甲人", "complained-1-organ": "某某办事处"}


def kept_by(number: str) -> dict[str, str]:
    petition = Petition.objects.get(number=number)
    identity = petition.filing.identity("name", "address", "email", "phone", "id_number")
    return {"title": petition.title, "place": petition.place} | identity


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["citizen", "clerk"])
def test_a_petition_filed_on_a_page(city: SimpleNamespace, who: str) -> None:
    more = {name: spoilt(text) for name, text in (LINES | NAMED).items()}
    more |= {"phone": "\u202d139\u200b00000000\u202c", "email": "\u202aa@example.org\u202c\n", "nonce": "one-line"}
    more |= {"id_number": "", "category": "\ufeff010101", "channel": "letter", "tell_by": "email"}
    if who == "citizen":
        assert Client().post("/file/", FORM | more).status_code == 302
    else:
        assert signed_in(city.clerk).post("/desk/petitions/new/", FORM | more).status_code == 201
    kept = kept_by(Petition.objects.get().number)
    assert kept == {name: mended(text) for name, text in LINES.items()} | {
        "phone": "+8613900000000", "email": "a@example.org", "id_number": "",
    }  # fmt: skip
    named = set(Complained.objects.values_list("name", "organ_name"))
    assert named == {(mended("某某物业公司"), ""), (mended("某甲人"), mended("某某办事处"))}


@pytest.mark.django_db
def test_a_petition_filed_through_rest(city: SimpleNamespace) -> None:
    person = {"phone": "13900000000", "name": spoilt(LINES["name"]), "address": spoilt(LINES["address"])}
    said = {"title": spoilt(LINES["title"]), "place": spoilt(LINES["place"]), "petitioner": person, "persons": 3}
    others = [{"name": spoilt("代表甲"), "phone": "13700000000"}]
    answer = Api().post("/public/petitions/", FILING | said | {"representatives": others})
    assert answer.status_code == 201
    kept = kept_by(answer.json()["number"])
    assert {name: kept[name] for name in LINES} == {name: mended(text) for name, text in LINES.items()}
    other = Petition.objects.get().filing.representatives.get()
    assert other.identity("name") == {"name": mended("代表甲")}


@pytest.mark.django_db
def test_who_is_complained_about_is_recognised_under_a_hidden_character(city: SimpleNamespace) -> None:
    for n, name in enumerate(("辛\u200b访\u202e明", "\u2067辛访明\u2069", "辛\u200d访明")):
        filing = FILING | {"title": f"第{n}件", "complained_about": [{"kind": "person", "name": name}]}
        assert Api().post("/public/petitions/", filing).status_code == 201
    assert set(Complained.objects.values_list("name", "user")) == {("辛访明", city.chief.pk)}


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["title", "name"])
def test_what_is_empty_without_them_is_required(city: SimpleNamespace, field: str) -> None:
    assert Client().post("/file/", FORM | {field: BAD, "nonce": "empty"}).status_code == 422
    person = FILING["petitioner"] | ({"name": BAD.replace("\x00", "")} if field == "name" else {})
    said = {"petitioner": person} | ({"title": BAD} if field == "title" else {})
    answer = Api().post("/public/petitions/", FILING | said)
    assert answer.status_code == 422 and list(answer.json()["errors"].values()) == [["请填写这一项"]]


@pytest.mark.django_db
def test_the_length_counts_what_is_left(city: SimpleNamespace) -> None:
    title = "\u200b".join("题" * 100)
    assert Client().post("/file/", FORM | {"title": title, "nonce": "long"}).status_code == 302
    assert Petition.objects.get().title == "题" * 100


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Path]:
    with private_folder(tmp_path / "private") as folder:
        yield folder


@pytest.mark.django_db
def test_rows_of_an_old_ledger(city: SimpleNamespace, private: Path, tmp_path: Path) -> None:
    """Each cell of one line, the name of the source, the headings and the file's own name."""
    title, name = "路灯\u202e不亮\u2028了", "张\u200b三\u2069"
    rows = f'id,user,\u200btitle,created_at,body\n\u20661\u2069,{name},"{title}\n",2026-03-02 09:00,"第一行\n第二行"\n'
    mapping = 'source = "老\u202e台账"\n[columns]\nuser = "name"\n"\u200btitle" = "title"\n'
    mapping += '[defaults]\nregion = "990100000000"\n'
    file = tmp_path / "旧\u202e台账.csv"
    file.write_text(rows, encoding="utf-8", newline="")
    (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
    call_command("import_petitions", str(file), "--mapping", str(tmp_path / "map.toml"), stdout=io.StringIO())
    petition = Petition.objects.get()
    assert (petition.title, petition.body) == ("路灯不亮 了", "第一行\n第二行")
    assert petition.filing.identity("name") == {"name": "张三"}
    assert ImportedFrom.objects.values_list("source", "source_key").get() == ("老台账", "1")
    assert (Import.objects.get().filename, Import.objects.get().header[2]) == ("旧台账.csv", "title")


@pytest.mark.django_db
def test_the_name_of_a_file(city: SimpleNamespace, private: Path) -> None:
    """U+202E is how a program is made to look like a text."""
    filed, api = walk_to(State.HANDLING), Api(city.handler)
    body = {"name": "现场\u202etxt.exe\u2028记录\ufeff.txt", "content": b64encode("楼道".encode()).decode()}
    assert api.post(f"/petitions/{filed.number}/acts/attach/", body).status_code == 200
    assert Attachment.objects.get().name == "现场txt.exe 记录.txt"
    page = signed_in(city.handler).get(f"/desk/petitions/{filed.number}/").content.decode()
    assert "\u202e" not in page and "现场txt.exe" in page


@pytest.mark.django_db
def test_a_saved_filter_and_what_it_looks_for(city: SimpleNamespace) -> None:
    query = urlencode({"q": "楼\u202e道\u2069"})
    signed_in(city.clerk).post("/desk/ledger/saved/", {"name": spoilt("楼道的事"), "query": query})
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query) == (mended("楼道的事"), urlencode({"q": "楼道"}))


@pytest.mark.django_db
def test_a_search_finds_what_is_meant(city: SimpleNamespace) -> None:
    filed, clerk = file_petition(title="东风路路灯"), signed_in(city.clerk)
    for typed in ("东风\u202e路路灯", "\u2067东风路路灯\u2069", "\ufeff东\u200b风路", f"\u202a{filed.number}\u202c"):
        page = clerk.get("/desk/ledger/", {"q": typed}).content.decode()
        assert filed.number in page, typed
        assert len(Api(city.clerk).get("/petitions/", {"q": typed}).json()["results"]) == 1
    assert filed.number in clerk.get("/desk/ledger/", {"q": "\u200b\u202e"}).content.decode(), "nothing was typed"
    person = {"field": "name", "value": "\u202a宋\u200b试民\u202c", "ground": "repeated"}
    assert filed.number in clerk.post("/desk/ledger/person/", person).content.decode()
    tracked = {"number": f"\ufeff{filed.number}\u202c", "tracking_code": f"\u202a{filed.code}\u202c"}
    assert Client().post("/track/", tracked).status_code == 302


@pytest.mark.django_db
def test_an_excerpt_of_a_longer_text_is_one_line(city: SimpleNamespace) -> None:
    """A body keeps its lines, and what turns them round; a line of it in a list does not."""
    file_petition(body="第一行\n\u202e第二行有水泵\u2028第三行\x85完")
    page = signed_in(city.clerk).get("/desk/ledger/", {"q": "水泵"}).content.decode()
    assert "第一行 第二行有<mark>水泵</mark> 第三行 完" in page


@pytest.mark.django_db
def test_an_official_signs_in_under_a_name_that_was_pasted(city: SimpleNamespace) -> None:
    given = {"username": "\u202aclerk\u202c\n", "password": "a long test password"}
    assert Client().post("/desk/sign-in/", given).status_code == 302
    assert Api().post("/session/", given).status_code == 200


@pytest.mark.django_db
def test_an_address_for_mail(city: SimpleNamespace) -> None:
    mine = {"email": "\u202ahan@example.org\u202c\u200b", "at_once": "on", "digest_hour": "8"}
    assert signed_in(city.handler).post("/desk/preferences/", mine).status_code == 302
    assert Preference.objects.get().email == "han@example.org"


@pytest.mark.django_db
def test_people_organs_and_posts_made_by_a_command(city: SimpleNamespace) -> None:
    made = User.objects.create_user("new\u202ecomer\n", "a long test password", name="新\u200b来\n的")
    assert User.objects.values_list("username", "name").get(pk=made.pk) == ("newcomer", "新来 的")
    Organ.objects.filter(code="other").update(name="城市\u202e管理局")
    Post.objects.bulk_create([Post(organ=city.organ["other"], name="副\u2028局长\ufeff")])
    assert Organ.objects.get(code="other").name == "城市管理局"
    assert Post.objects.filter(name="副 局长").exists()


# --- Every field and every column ---------------------------------------------------------------------------------
PASSWORDS = ("old_password", "new_password1", "new_password2")
NOT_LINES = {
    "accounts.desk.SignInForm.password": "a password is what was typed, to the character",
    "accounts.api.SignInForm.password": "a password is what was typed, to the character",
    **{f"accounts.passwords.PasswordForm.{name}": "a password" for name in PASSWORDS},
    "reports.forms.ExportForm.nonce": "a UUID, and nothing else, is taken",
    "filter.imported": "a key, and nothing else, is taken",
}
OURS = ("accounts", "audit", "massline", "petitions", "records", "reports", "responsibility")


def our_forms(base: type) -> Iterator[type]:
    for form in base.__subclasses__():
        yield from our_forms(form)
        if form.__module__.split(".")[0] in OURS:
            yield form


def every_field(city: SimpleNamespace) -> Iterator[tuple[str, forms.Field]]:
    """Those of every form class, of the form of every act on a record, and of the ledger's filter."""
    demand = Demand.objects.get()
    made = {f"{form.__module__}.{form.__qualname__}": form.base_fields for form in our_forms(forms.BaseForm)}  # type: ignore[attr-defined]
    made |= {
        f"act {act.slug}": act.build_form(demand, city.chief, None).fields for act in (*OFFICIAL_ACTS, *CITIZEN_ACTS)
    }
    made |= {f"act {act.slug}": getattr(act.form, "base_fields", {}) for act in LEADER_ACTS}
    made["filter"] = DemandFilter({}, Demand.objects.none()).form.fields
    for name, fields in made.items():
        yield from ((f"{name}.{each}", field) for each, field in fields.items())


@pytest.mark.django_db
def test_every_field_of_one_line_in_every_form_leaves_them_out(city: SimpleNamespace) -> None:
    file_petition()
    faults, seen = [], 0
    for name, field in every_field(city):
        several = isinstance(field.widget, forms.Textarea) and not isinstance(field, OneLine)
        if not isinstance(field, forms.CharField | forms.EmailField) or several or name in NOT_LINES:
            continue
        seen += 1
        if not isinstance(field, OneLine) or not clean(field.to_python(spoilt("a@b.example"))):
            faults.append(name)
    assert faults == []
    assert seen > 30


NOT_WRITTEN = {
    "password", "subject_kind", "subject_key", "rule", "edition", "goal", "requirement", "next_step", "step", "code",
    "message_id", "fault", "query", "stored", "sha256", "file", "number", "category", "act", "letter", "language",
    "wall", "email", "kind", "source", "source_kind", "source_key", "target_kind", "target_key", "relation",
    "merge_key", "duty", "proposed", "content_hash",
}  # fmt: skip
"""Columns of codes, hashes and words of ours; a saved query and an address for mail have only their form."""


def test_every_column_of_one_line_keeps_them_out() -> None:
    columns = [
        (model._meta.label, field)
        for model in apps.get_models()
        if model.__module__.split(".")[0] in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and not field.choices and field.name not in NOT_WRITTEN
    ]
    plain = {f"{label}.{field.name}" for label, field in columns if not isinstance(field, LineColumn)}
    ours = {"reports.Export.name", "records.Attachment.refusal", "petitions.Transfer.channel"}  # random, and codes
    ours.add("reports.Export.what")  # the database refuses whatever is no name of ours
    ours |= {"massline.Draft.address", "massline.Draft.owner"}  # both come out of a token that we sealed
    copied = {f"{label}.organ_name" for label in ("petitions.Answer", "responsibility.Obligation")}
    copied.add("responsibility.Escalation.organ_name")  # by triggers, from a column of one line
    assert plain == ours | copied
    assert len(columns) > 12
