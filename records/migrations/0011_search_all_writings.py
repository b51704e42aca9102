"""Takes away the function that asked for the pairs of words: searching asks for each in all its writings
(records/search_index.py)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0010_files_by_organ")]
    operations = [migrations.RunSQL("DROP FUNCTION records_search_query(text[])")]
