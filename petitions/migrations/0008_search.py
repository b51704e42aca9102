"""Search: every pair of neighbouring characters of a petition's texts, in an index over an expression."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models import Func
from django.db.models.functions import Reverse

import audit.columns
from audit.operations import Watch
from petitions import search_index

# Bodies in BEGIN ATOMIC are bound to what they name when they are made: no search_path changes what they do.
FUNCTIONS = (
    """
    CREATE FUNCTION petitions_text(title text, body text, place text, wish text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 400
    RETURN lower(normalize(title || E'\\n' || body || E'\\n' || place || E'\\n' || wish, NFKC))
    """,
    """
    CREATE FUNCTION petitions_bigrams(folded text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 4000
    BEGIN ATOMIC
        SELECT array_to_tsvector(array_agg(one || other))
        FROM (SELECT string_to_array(folded || ' ', NULL) AS c) letters, unnest(c, c[2:]) AS pair (one, other)
        WHERE other IS NOT NULL;
    END
    """,
    # A word of one character is the beginning of a pair.
    """
    CREATE FUNCTION petitions_sought(words text[]) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 4000
    BEGIN ATOMIC
        SELECT string_agg(
            '''' || replace(replace(one || coalesce(other, ''), E'\\\\', E'\\\\\\\\'), '''', '''''') || ''''
            || CASE WHEN other IS NULL THEN ':*' ELSE '' END, ' & ')::tsquery
        FROM (SELECT string_to_array(lower(normalize(word, NFKC)), NULL) AS c FROM unnest(words) AS word) letters,
             unnest(c, c[2:]) AS pair (one, other)
        WHERE other IS NOT NULL OR c[2] IS NULL;
    END
    """,
)
DROPPED = (
    "DROP FUNCTION petitions_text(text, text, text, text)",
    "DROP FUNCTION petitions_bigrams(text)",
    "DROP FUNCTION petitions_sought(text[])",
)


class Bigrams(Func):
    """As it was called when this was written."""

    function = "petitions_bigrams"
    output_field = SearchVectorField()


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0007_told_by_message"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *(migrations.RunSQL(made, dropped) for made, dropped in zip(FUNCTIONS, DROPPED, strict=True)),
        migrations.AddIndex(
            "petition",
            GinIndex(
                Bigrams(search_index.Folded("title", "body", "place", "wish")),
                name="petition_bigrams",
                fastupdate=False,
            ),
        ),
        migrations.AddIndex(
            "petition", models.Index(OpClass(Reverse("number"), "text_pattern_ops"), name="petition_last_digits")
        ),
        migrations.AddIndex("petition", models.Index(fields=["received_at"], name="petition_received")),
        *(
            migrations.AddIndex(who, index)
            for who, names in (("petitioner", ("name", "phone", "id_number")), ("representative", ("name", "phone")))
            for index in search_index.of_person(who, *names)
        ),
        # Most pairs are rare: the planner should know more than the thousand commonest of them.
        migrations.RunSQL(
            "ALTER INDEX petition_bigrams ALTER COLUMN 1 SET STATISTICS 1000",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=1000)),
                ("salt", audit.columns.SaltField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [models.UniqueConstraint(fields=("user", "name"), name="one_filter_a_name")],
            },
        ),
        Watch("petitions_savedfilter", personal=["name", "query"]),
    ]
