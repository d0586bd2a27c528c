from django.db import migrations
from django.db.models import F, OuterRef, Subquery

from moderation.cases.weights import WEIGHTS


def load(apps, schema_editor):
    Case, Clause = apps.get_model("cases", "Case"), apps.get_model("policy", "Clause")
    of_clause = Clause.objects.filter(pk=OuterRef("clause"))
    Case.objects.update(track=Subquery(of_clause.values("track")[:1]))
    Case.objects.filter(state="open").update(lane=Subquery(of_clause.values("lane")[:1]))
    apps.get_model("cases", "Formula").objects.create(version=1, weights=WEIGHTS)
    # Deadlines of cases that are decided, or that passed, wait for nobody.
    Deadline = apps.get_model("cases", "Deadline")
    Deadline.objects.filter(case__state="decided").update(settled_at=F("due_at"))
    Deadline.objects.filter(case__due_at=None, settled_at=None).update(settled_at=F("due_at"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_cases_and_queue"), ("policy", "0005_lanes")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
