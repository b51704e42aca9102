"""Several people on one petition: how many, and who represents them (《信访工作条例》第二十条)."""

import django.db.models.deletion
from django.db import migrations, models

import audit.columns
import petitions.identity
from audit.operations import Watch

REPRESENTED = """
CREATE FUNCTION petitions_represented() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'petitions_representative' THEN
        -- Locked, so that nobody lowers the number of persons meanwhile.
        IF NEW.seq <= (SELECT p.persons FROM petitions_petition p WHERE p.id = NEW.petition_id FOR SHARE) THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (SELECT FROM petitions_representative r WHERE r.petition_id = NEW.id AND r.seq > NEW.persons) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'more representatives than persons'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_representatives_than_persons';
END $$;
CREATE TRIGGER petitions_represented BEFORE INSERT OR UPDATE OF seq, petition_id ON petitions_representative
    FOR EACH ROW EXECUTE FUNCTION petitions_represented();
CREATE TRIGGER petitions_represented BEFORE UPDATE OF persons ON petitions_petition
    FOR EACH ROW EXECUTE FUNCTION petitions_represented();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0005_import_header"),
        ("responsibility", "0005_cohorts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Representative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveSmallIntegerField()),
                ("key", models.BinaryField(null=True)),
                ("name_sealed", models.BinaryField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("name_hash", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(null=True)),
                ("salt", audit.columns.SaltField()),
            ],
            bases=(petitions.identity.SealedIdentity, models.Model),
        ),
        migrations.AddField(
            model_name="petition",
            name="persons",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(condition=models.Q(("persons__gte", 5)), fields=["id"], name="petition_groups"),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(("persons__range", (1, 9999))), name="petition_persons"
            ),
        ),
        migrations.AddField(
            model_name="representative",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="representatives", to="petitions.petition"
            ),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.UniqueConstraint(fields=("petition", "seq"), name="representative_once"),
        ),
        migrations.AddConstraint(
            model_name="representative",
            constraint=models.CheckConstraint(
                condition=models.Q(("seq__range", (2, 5))), name="at_most_five_representatives"
            ),
        ),
        migrations.RunSQL(REPRESENTED, "DROP FUNCTION petitions_represented CASCADE"),
        Watch(
            "petitions_representative",
            personal=["name_sealed", "phone_sealed", "name_hash", "phone_hash"],
            secret=["key"],
        ),
    ]
