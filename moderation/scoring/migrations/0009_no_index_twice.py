"""An index that another one begins with is written each time and never read: the longer one answers for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0008_blurred_previews'),
        ('subjects', '0006_quarantine'),
    ]

    operations = [
        migrations.AlterField(
            model_name='classifier',
            name='name',
            field=models.SlugField(db_index=False, help_text='Versions of one classifier share it.', max_length=40, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='classifierlabel',
            name='classifier',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='scoring.classifier', verbose_name='classifier'),
        ),
        migrations.AlterField(
            model_name='knownhash',
            name='hash_list',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hashes', to='scoring.hashlist', verbose_name='list'),
        ),
        migrations.AlterField(
            model_name='score',
            name='snapshot',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='subjects.snapshot'),
        ),
    ]
