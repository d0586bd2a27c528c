"""An index that another one begins with is written each time and never read: the longer one answers for both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0010_blur_what_is_open'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='reporterrecord',
            name='reporter',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='reportversion',
            name='report',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='reports.report'),
        ),
        # Of a table that Django makes by itself for a ManyToManyField.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS reports_trustedflagger_clauses_trustedflagger_id_cb13a0bf",
            "CREATE INDEX reports_trustedflagger_clauses_trustedflagger_id_cb13a0bf "
            "ON reports_trustedflagger_clauses (trustedflagger_id)",
        ),
    ]
