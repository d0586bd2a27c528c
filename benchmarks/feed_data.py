"""A hub of any size, written by SQL: the skew of a real one, one repository in a hundred hidden by a restriction.

The hidden ones are the most trending, so that a feed that filtered them out would have to pass them all first.
"""

from django.db import connection, transaction

# A word of half of all cards, of a thousandth of all names, and of ten cards in a million.
COMMON, NAMED, RARE = "language", "mekong", "quokka"
HIDDEN_SHARE = 100
ENDED = 5
BODIES = 20_000

_BODIES = """
CREATE TEMP TABLE body AS
SELECT n AS number, setweight(to_tsvector('simple', string_agg('word' || floor(5000 ^ random())::int, ' ')
    || CASE WHEN n %% 2 = 0 THEN ' language' ELSE '' END), 'C') AS vector
FROM generate_series(0, %(bodies)s - 1) n, generate_series(1, 60) word GROUP BY n
"""
_OWNERS = """
WITH made AS (
    INSERT INTO accounts_organization (public_id, name, fullname)
    SELECT gen_random_uuid(), 'owner-' || n, '' FROM generate_series(1, %(size)s / 20 + 1) n RETURNING id, name
) INSERT INTO accounts_namespace (name, organization_id) SELECT name, id FROM made ORDER BY id
"""
_REPOSITORIES = """
INSERT INTO repositories_repository (
    public_id, kind, namespace_id, name, created_by_id, created_at, updated_at, visibility, gating, head,
    last_discussion, card, title, license, tags, languages, matter, pipeline_tag, library, base_models, datasets,
    ethical_categories, missing_documentation, search_text, search, signals, nfaa, card_nfaa, nfaa_commit, likes,
    downloads, trending, listed)
SELECT gen_random_uuid(), kind, owner_id, name, %(person)s, at, at + random() * (now() - at),
    CASE WHEN n / 10 %% 50 = 0 THEN 'private' ELSE 'public' END,
    CASE WHEN n / 10 %% 47 = 0 THEN 'manual' ELSE 'none' END,
    '', 0, repeat(md5(n::text), 12), title, license, tags, languages, '{}', task, library, '{}', '{}', '{}', '{}',
    lower(owner || '/' || name || E'\\n' || array_to_string(tags, E'\\n') || E'\\n' || title),
    setweight(to_tsvector('simple', replace(owner || ' ' || name, '-', ' ')), 'A')
        || setweight(to_tsvector('simple', array_to_string(tags, ' ') || ' ' || title
            || CASE WHEN n %% 100000 = 7 THEN ' quokka' ELSE '' END), 'B')
        || vector
        || array_to_tsvector(ARRAY['license=' || license, 'library=' || library, 'pipeline_tag=' || task, '=' || name,
            '=' || owner || '/' || name]),
    '[]', n / 10 %% 20 = 3, n / 10 %% 20 = 3, '', floor(1000 ^ random()) - 1, floor(1000000 ^ random()) - 1,
    CASE WHEN random() < 0.4 THEN 0 ELSE 45 + 12 * ln(random()) END, n / 10 %% 50 <> 0
FROM (
    SELECT n, CASE WHEN n %% 10 < 7 THEN 'model' WHEN n %% 10 < 9 THEN 'dataset' ELSE 'space' END AS kind,
        'word' || floor(5000 ^ random())::int || CASE WHEN n %% 1000 = 11 THEN '-mekong-' ELSE '-' END || n AS name,
        'Title of number ' || n AS title, now() - random() * interval '3 years' AS at,
        'license-' || floor(20 ^ random())::int AS license, 'task-' || floor(30 ^ random())::int AS task,
        CASE WHEN random() < 0.45 THEN 'transformers' ELSE 'library-' || floor(12 ^ random())::int END AS library,
        ARRAY['tag-' || floor(2000 ^ random())::int, 'tag-' || floor(2000 ^ random())::int]
            || CASE WHEN random() < 0.5 THEN ARRAY['pytorch'] ELSE '{}' END
            || CASE WHEN n / 10 %% 20 = 3 THEN ARRAY['not-for-all-audiences'] ELSE '{}' END AS tags,
        ARRAY[CASE WHEN random() < 0.5 THEN 'en' ELSE 'l' || floor(60 ^ random())::int END] AS languages
    FROM generate_series(1, %(size)s) n
) one
JOIN (SELECT id AS owner_id, name AS owner, row_number() OVER (ORDER BY id) AS place FROM accounts_namespace
    WHERE name LIKE 'owner-%%') owners ON place = n %% (%(size)s / 20 + 1) + 1
JOIN body ON body.number = n::bigint * 7919 %% %(bodies)s
"""
_HIDDEN = """
WITH hidden AS (
    UPDATE repositories_repository SET listed = false
    WHERE id IN (SELECT id FROM repositories_repository WHERE listed ORDER BY trending DESC LIMIT %(size)s / %(share)s)
    RETURNING id
) INSERT INTO repositories_restriction (public_id, repository_id, kind, reason, starts_at)
SELECT gen_random_uuid(), id, 'downgraded', 'Benchmark.', now() - interval '1 hour' FROM hidden
"""
# Restrictions that ended by themselves within the last minute, so that no sweep has stored it yet.
_ENDED = """
WITH ended AS (
    UPDATE repositories_repository SET listed = false, stale_at = now() - interval '1 minute'
    WHERE id IN (SELECT id FROM repositories_repository WHERE listed ORDER BY likes DESC LIMIT %(ended)s) RETURNING id
) INSERT INTO repositories_restriction (public_id, repository_id, kind, reason, starts_at, ends_at)
SELECT gen_random_uuid(), id, 'downgraded', 'Benchmark.', now() - interval '1 hour', now() - interval '1 minute'
FROM ended
"""


def fill(size: int, person: int) -> None:
    """Write `size` repositories made by `person` into an empty database, then build the indexes, as a restore does."""
    values = {"size": size, "person": person, "bodies": BODIES, "share": HIDDEN_SHARE, "ended": ENDED}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SELECT setseed(0.42)")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'repositories_repository' "
            "AND indexdef NOT LIKE 'CREATE UNIQUE%'"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for statement in (_BODIES, _OWNERS, _REPOSITORIES):
            cursor.execute(statement, values)
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for statement in (_HIDDEN, _ENDED):
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
