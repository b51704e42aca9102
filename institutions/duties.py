"""The duty of an organ that institutions need: checking the legality of texts (合法性审核) for a region."""

from django.utils.translation import gettext_lazy as _

from responsibility.duties import Duty

LEGAL_OFFICE = "legal_office"
DUTY = Duty(LEGAL_OFFICE, _("合法性审核机构"))
