"""No index says what another one says already: each is written with every row, and a reader needs one."""

import pytest
from django.apps import apps
from django.db import connection

# What begins like another one, with the same order of the same columns. Partial and computed ones are for themselves.
TWICE = """
WITH known AS (
    SELECT indrelid, indexrelid, indisunique, indnkeyatts AS width,
        ARRAY(SELECT unnest(indkey::int2[])) AS columns, ARRAY(SELECT unnest(indclass::oid[])) AS classes
    FROM pg_index WHERE indpred IS NULL AND indexprs IS NULL
)
SELECT shorter.indexrelid::regclass::text, longer.indexrelid::regclass::text
FROM known shorter JOIN known longer USING (indrelid)
WHERE shorter.indrelid = ANY(%s::regclass[]) AND shorter.indexrelid <> longer.indexrelid AND NOT shorter.indisunique
    AND shorter.width <= longer.width
    AND shorter.columns = longer.columns[1:shorter.width] AND shorter.classes = longer.classes[1:shorter.width]
"""
# Made by Django's PermissionsMixin, for a handful of rows.
DJANGOS = {"accounts_user_groups", "accounts_user_user_permissions"}


@pytest.mark.django_db
def test_no_index_begins_another_one():
    rooms = [config for config in apps.get_app_configs() if "site-packages" not in config.path]
    models = [
        model for config in rooms for model in config.get_models(include_auto_created=True) if model._meta.managed
    ]
    tables = {model._meta.db_table for model in models} - DJANGOS
    assert "cases_decision" in tables
    with connection.cursor() as cursor:
        cursor.execute(TWICE, [list(tables)])
        assert cursor.fetchall() == []
