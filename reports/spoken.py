"""Labels of codes in SQL, in the language that is active."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

ACTORS = {"citizen": _("信访人"), "system": _("系统"), "user": _("工作人员")}


class Word(Coalesce):
    """The word for a code; the code itself when there is none."""

    def __init__(self, source: Any, words: Mapping[Any, Any]) -> None:
        code = Cast(source, TextField())
        known = json.dumps({str(code): str(word) for code, word in words.items()}, ensure_ascii=False)
        found = Func(
            Value(known), code, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", output_field=TextField()
        )
        super().__init__(found, code, output_field=TextField())
