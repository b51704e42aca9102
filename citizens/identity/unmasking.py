"""Unmasks a citizen's identity: an act like any other, with its reason on record."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.identity.labels import IDENTITY_LABELS
from citizens.identity.sealing import SealedIdentity
from citizens.models import Filing
from citizens.tracking.lookup import filing_of
from massline.acts import Act, Doing
from massline.inputs import MultipleChoice, Reason
from records.effects import Writes

CHOICES = [(name, IDENTITY_LABELS[name]) for name in SealedIdentity.FIELDS]


class OpensIdentity:
    """Opens the sealed fields for this one answer; nothing is stored in clear."""

    def apply(self, doing: Doing) -> None:
        fields = doing.data["fields"]
        filing = Filing.objects.get(pk=filing_of(doing.record))
        doing.record.unmasked = filing.identity(*fields)
        doing.record.unmasked_others = {
            one.pk: one.identity(*(name for name in one.FIELDS if name in fields))
            for one in filing.representatives.all()
        }


class Unmask(Act):
    """The act that unmasks an identity; a kind adds the states, the roles and its own event."""

    slug, label, basis = "unmask", _("查看身份"), "个人信息保护法：确有必要并留痕"
    button = _("查看")
    reveals = ("unmasked", "unmasked_others")
    fields = (
        MultipleChoice("fields", _("要查看的内容"), CHOICES),
        Reason("reason", _("查看理由"), hint=_("至少十个字；每次查看都会记入日志")),
    )
    effects = (OpensIdentity(), Writes("reason"))

    def facts(self, doing: Doing) -> dict[str, Any]:
        return {"fields": doing.data["fields"]}
