"""What adding a file asks for: on the pages an upload, through REST its name and its content as base64."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massline.texts import LineField
from petitions.act_forms import ActForm
from petitions.attachments.keeping import Taken, check_room, take
from petitions.attachments.kinds import NotAccepted
from petitions.attachments.panel import ADDING


def most_in_json(kwargs: Mapping[str, Any]) -> int:
    """Bytes that a REST act may bring: base64 makes four of three."""
    return int(settings.ATTACHMENT_MAX_BYTES * 4 / 3) if kwargs.get("act") in ADDING else 0


class ContentField(forms.Field):
    """An uploaded file, text in base64, or either after it was looked into. Clean, it is a Taken."""

    def clean(self, value: Any) -> Taken:
        if isinstance(value, Taken):
            return value
        if isinstance(value, ValidationError):
            raise value
        try:
            return take(_bytes(super().clean(value)))
        except NotAccepted as error:
            raise ValidationError(error.message) from None


def _bytes(value: Any) -> bytes:
    """At most one byte more than is allowed, whatever was sent."""
    most = settings.ATTACHMENT_MAX_BYTES + 1
    if not isinstance(value, str):
        return bytes(value.read(most))
    try:
        return b64decode(value[: (most // 3 + 1) * 4], validate=True)
    except ValueError:  # letters that no ASCII has are not even tried
        raise ValidationError(_("这里应当是文件内容的 base64 编码")) from None


def looked_into(data: Mapping[str, Any]) -> dict[str, Any]:
    """The input with its file checked, made anew and scanned, or with what is wrong with it.

    The scanner may take half a minute: nobody else waits for the petition meanwhile.
    """
    try:
        found: Any = ContentField().clean(data.get("content"))
    except ValidationError as error:
        found = error
    return {**dict(data.items()), "content": found}


class OwnFileForm(ActForm):
    name = LineField(label=gettext_lazy("文件名"), max_length=255)
    content = ContentField(label=gettext_lazy("文件"), help_text=gettext_lazy("文件内容，用 base64 编码"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "content" in data:
            try:
                check_room(self.record.petition, data["content"])
            except NotAccepted as error:
                self.add_error("content", error.message)
        return data


class FileForm(OwnFileForm):
    public = forms.BooleanField(label=gettext_lazy("让信访人也能看到"), required=False)
