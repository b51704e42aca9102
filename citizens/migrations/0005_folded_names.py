"""Hashes the names that are written in traditional characters, with a dot or in another width by their folded form, so
that a person is found however the name is written. The name of a row that was erased is not there any more."""

from typing import Any

from django.db import migrations

from audit.operations import Explain
from massline.crypto import Unreadable, key_for, keyed_hash, unseal
from massline.hanzi import folded_name


def _hash_folded(model: str) -> Any:
    def forwards(apps: Any, schema_editor: Any) -> None:
        rows = apps.get_model("citizens", model).objects.using(schema_editor.connection.alias)
        sealed = rows.filter(key__isnull=False, name_sealed__isnull=False).only("key", "name_sealed", "name_hash")
        for row in sealed.iterator(chunk_size=2000):
            try:
                key = unseal(row.key, key_for("citizen"), "citizen")
                name = unseal(row.name_sealed, key, "name").decode()
            except Unreadable:
                continue
            if folded_name(name) not in ("", name):
                row.name_hash = keyed_hash("name", folded_name(name))
                row.save(update_fields=["name_hash"])

    return forwards


class Migration(migrations.Migration):
    dependencies = [("citizens", "0004_ratings")]
    operations = [
        Explain("citizens_filing"),
        migrations.RunPython(_hash_folded("Filing"), migrations.RunPython.noop),
        Explain("citizens_representative"),
        migrations.RunPython(_hash_folded("Representative"), migrations.RunPython.noop),
    ]
