from datetime import timedelta

from django.db import migrations

from moderation.policy.lanes import CLAUSES, GUARDED, LANES, WITHIN


def load(apps, schema_editor):
    Lane, Clause = apps.get_model("policy", "Lane"), apps.get_model("policy", "Clause")
    Group = apps.get_model("auth", "Group")
    for order, (code, title, text, instructions, role, hold, sealed, hours, points) in enumerate(LANES, start=1):
        lane = Lane.objects.create(
            code=code, title=title, text=text, instructions=instructions, order=order, hold=hold, sealed=sealed,
            group=Group.objects.get_or_create(name=role)[0] if role else None,
            decide_within=timedelta(hours=hours) if hours else None, points=points,
        )
        Clause.objects.filter(code__in=[clause for clause, of in CLAUSES.items() if of == code]).update(lane=lane)
    for code, hours in WITHIN.items():
        Clause.objects.filter(code=code).update(decide_within=timedelta(hours=hours))
    for kind in GUARDED:
        apps.get_model("policy", "GuardedMeasure").objects.create(kind=kind)


def unload(apps, schema_editor):
    apps.get_model("policy", "Clause").objects.update(lane=None, decide_within=None)
    apps.get_model("policy", "Lane").objects.all().delete()
    apps.get_model("policy", "GuardedMeasure").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("policy", "0004_cases_and_queue"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(load, unload)]
