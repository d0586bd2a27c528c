"""What a database knows once it has lived for minutes, and a throwaway one does not."""

import psycopg

from launcher.postgres import Postgres


def count_rows(server: Postgres) -> None:
    """Tell the planner how many rows there are, as autovacuum does within a minute of work.

    Checks of foreign keys are planned when a session first needs them: of a table that was empty then, each reads the
    whole table from then on, however many rows came since. Nobody's hub begins empty every day.
    """
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("ANALYZE")
