from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0004_import")]
    operations = [
        migrations.AddField(model_name="import", name="header", field=models.JSONField(default=list)),
    ]
