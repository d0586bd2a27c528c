from django.db import migrations

# Have a worker blur what reports bring along that nobody has decided yet; older ones are blurred when somebody looks.
ASK = """
INSERT INTO reports_blurredattachment (attachment_id, attempts, last_error, verdict, webp)
SELECT attachment.id, 0, '', '', ''::bytea
FROM reports_attachment AS attachment JOIN reports_report AS report ON report.id = attachment.report_id
WHERE report.state = 'open' AND attachment.media_type LIKE 'image/%' AND octet_length(attachment.key) > 0
ORDER BY attachment.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0009_blurred_attachments'),
    ]

    operations = [migrations.RunSQL(ASK, migrations.RunSQL.noop)]
