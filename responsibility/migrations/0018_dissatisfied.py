"""A notice that the petitioner was not satisfied."""

from django.db import migrations, models

KINDS = [
    ("warning", "临近到期"),
    ("overdue", "已经超期"),
    ("escalated", "逐级上报，请您签收并批示"),
    ("office", "抄送信访部门"),
    ("instructed", "领导已批示"),
    ("assigned", "交您办理"),
    ("arrived", "转到本单位"),
    ("objected", "承办单位提出异议"),
    ("declining", "承办单位拟不予受理，请核实"),
    ("returned", "退回重新办理"),
    ("answered", "已答复，待核实销号"),
    ("urged", "信访人催办"),
    ("supplemented", "信访人补充材料"),
    ("dissatisfied", "信访人评价不满意"),
    ("chain_gap", "责任链有缺口"),
    ("undelivered", "有通知未能送达"),
    ("imported", "从旧台账接收的事项中，有已经超期的"),
    ("filter_cleared", "您保存的一个台账筛选含有依法清除的个人信息，查询词和名称已经清除"),
]


class Migration(migrations.Migration):
    dependencies = [("responsibility", "0017_items")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_kind"),
        migrations.AlterField(model_name="notice", name="kind", field=models.CharField(choices=KINDS, max_length=16)),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [code for code, _name in KINDS])), name="notice_kind"
            ),
        ),
    ]
