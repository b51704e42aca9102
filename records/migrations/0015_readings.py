"""The readings of characters come from a library now, which knows more of them: the function by which titles are found
has them, and its indexes are made anew."""

import json
from pathlib import Path

from django.db import migrations

from massline.pinyin import readings

SOUNDS = (Path(__file__).parent / "0013_search_by_sound.sql").read_text().replace("CREATE ", "CREATE OR REPLACE ", 1)
REINDEX = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("records", "0014_spills")]
    operations = [
        migrations.RunSQL(SOUNDS.replace("{readings}", json.dumps(readings(), ensure_ascii=False))),
        migrations.RunSQL(REINDEX),
    ]
