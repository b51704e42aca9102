"""What an organ wants to decline waits for the petition office that forwarded it."""

from django.db import migrations, models

STATES = [
    ("received", "已收到，待登记"),
    ("registered", "已登记，待转办"),
    ("forwarded", "已转办，待受理"),
    ("objected", "承办单位提出异议"),
    ("declining", "拟不予受理，待核实"),
    ("accepted", "已受理，待分派"),
    ("handling", "正在办理"),
    ("answered", "已答复，待核实"),
    ("closed", "已办结销号"),
    ("not_accepted", "不予受理"),
    ("withdrawn", "已撤回"),
]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0015_files_in_the_queue")]

    operations = [
        migrations.RemoveConstraint(model_name="demand", name="demand_state"),
        migrations.AlterField(model_name="demand", name="state", field=models.CharField(choices=STATES, max_length=16)),
        migrations.AddConstraint(
            model_name="demand",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [code for code, _name in STATES])), name="demand_state"
            ),
        ),
    ]
