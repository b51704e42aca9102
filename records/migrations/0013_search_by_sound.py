"""The function of an index by which titles are found by their pinyin (records/search_index.py).

The readings of today stand in it; where they change, a migration makes the function and the indexes anew.
"""

import json
from pathlib import Path

from django.db import migrations

from massline.pinyin import readings

SQL = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("records", "0012_publications")]
    operations = [migrations.RunSQL(SQL.replace("{readings}", json.dumps(readings(), ensure_ascii=False)))]
