"""Notices about petitions are of the kinds that petitions register; one of an import names it by its public key."""

from typing import Any

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from audit.operations import Explain
from massline.keys import id_of, key_of

OURS = [
    "assigned", "arrived", "objected", "declining", "returned", "answered", "urged", "supplemented", "dissatisfied",
    "imported", "filter_cleared",
]  # fmt: skip
PREFIX = "petition."


def name_ours(apps: Any, schema_editor: Any) -> None:
    """On a new database there is nothing to change, and nothing to explain."""
    ours = _notices(apps, schema_editor).filter(kind__in=OURS)
    if not ours.exists():
        return
    _explain(schema_editor)
    ours.update(kind=Concat(Value(PREFIX), F("kind")))
    imported = _notices(apps, schema_editor).filter(subject_kind="import")
    for pk in imported.values_list("subject_key", flat=True).distinct():
        key = key_of("import", int(pk))
        imported.filter(subject_key=pk).update(subject_key=key, merge_key=key)


def as_before(apps: Any, schema_editor: Any) -> None:
    ours = _notices(apps, schema_editor).filter(kind__startswith=PREFIX)
    if not ours.exists():
        return
    _explain(schema_editor)
    imported = ours.filter(subject_kind="import")
    for key in imported.values_list("subject_key", flat=True).distinct():
        imported.filter(subject_key=key).update(subject_key=str(id_of("import", key)))
    ours.update(kind=Substr("kind", len(PREFIX) + 1), merge_key="")


def _notices(apps: Any, schema_editor: Any) -> Any:
    return apps.get_model("responsibility", "Notice").objects.using(schema_editor.connection.alias)


def _explain(schema_editor: Any) -> None:
    Explain("responsibility_notice").database_forwards("petitions", schema_editor, None, None)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0023_no_accusations"), ("responsibility", "0023_notice_kinds")]
    operations = [migrations.RunPython(name_ours, as_before)]
