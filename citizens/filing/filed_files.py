"""Files that a citizen adds to a form before it is filed."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from citizens.citizen import Citizen
from citizens.filing.receipt import Filed
from citizens.public_sides import public_side
from citizens.tracking.lookup import find
from massline.acts import Invalid, perform
from massline.files import scanner
from massline.web import over_limit
from records.files.acts import HandIn
from records.files.panel import TakenFiles
from records.files.staged import StagedFile, stage_each

FIELD = "files"


@dataclass(frozen=True)
class FilesPart(TakenFiles):
    """The part of the form with its files."""

    staged: list[StagedFile]


def takes_files(kind: str) -> bool:
    """Returns whether this site takes files, and citizens hand in some of this kind."""
    return scanner.is_configured() and any(act.slug == HandIn.slug for act in public_side(kind).acts)


def staged_in(data: Any) -> list[StagedFile]:
    tokens = data.getlist(FIELD) if isinstance(data, QueryDict) else []
    return [one for one in map(StagedFile.read, tokens) if one]


def with_files(request: HttpRequest) -> tuple[QueryDict, list[str]]:
    """Returns what was sent with its files kept, those to be removed left out; and what was wrong with the others."""
    data, uploads = request.POST.copy(), request.FILES.getlist("file")[: settings.ATTACHMENT_MAX_COUNT]
    kept = [one for one in staged_in(data) if one.stored != data.get("remove")]
    faults = [] if len(staged_in(data)) == len(data.getlist(FIELD)) else [_("有文件已经过期，请重新添加。")]
    if uploads and any(over_limit("attach", request, settings.UPLOAD_LIMIT) for _upload in uploads):
        faults.append(_("添加得太多了，请过一小时再试。"))
    elif uploads:
        kept, refused = stage_each(uploads, kept)
        faults += refused
    data.setlist(FIELD, [one.token for one in kept])
    return data, faults


def hand_in(filed: Filed, kind: str, files: Collection[StagedFile]) -> None:
    """Adds the files to what was just filed, in the running transaction; raises Invalid for one whose day is over."""
    if not files:
        return
    act, record = public_side(kind).acts[HandIn.slug], find(filed.number, filed.code)
    for one in files:
        try:
            content = one.accepted()
        except FileNotFoundError:
            raise Invalid({FIELD: [_("有文件已经过期，请重新添加。")]}) from None
        given = {"name": one.name, "content": content}
        perform(act, type(record), record.pk, Citizen(filed.filing.pk), given)
        transaction.on_commit(partial(default_storage.delete, one.stored))
