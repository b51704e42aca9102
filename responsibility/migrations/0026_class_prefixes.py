"""What a post is in charge of are beginnings of content classes. What is none covers nothing, and goes."""

import re
from typing import Any

from django.db import migrations, models

import responsibility.models.organs
from audit.operations import Explain

PREFIX = re.compile(r"([0-9][0-9]){0,3}")


def drop_what_is_none(apps: Any, schema_editor: Any) -> None:
    posts = apps.get_model("responsibility", "Post").objects.using(schema_editor.connection.alias)
    had = dict(posts.exclude(in_charge_of=[]).values_list("pk", "in_charge_of"))
    kept = {pk: [part for part in parts if part is not None and PREFIX.fullmatch(part)] for pk, parts in had.items()}
    changed = [pk for pk in had if kept[pk] != had[pk]]
    if changed:
        Explain("responsibility_post").database_forwards("responsibility", schema_editor, None, None)
    for pk in changed:
        posts.filter(pk=pk).update(in_charge_of=kept[pk])


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0025_recurring")]

    operations = [
        migrations.RunPython(drop_what_is_none, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=responsibility.models.organs.ArePrefixes("in_charge_of"), name="post_class_prefixes"
            ),
        ),
    ]
