-- The roles and the database; runs before every first connection, any number of times, as the superuser.
-- psql variables: ombud_owner, ombud_app (passwords), tests (true or false).
SET client_min_messages = warning;

SELECT 'CREATE ROLE ombud_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ombud_owner') \gexec
SELECT 'CREATE ROLE ombud_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ombud_app') \gexec

-- The owner owns the database and its tables and runs the migrations. The application's role owns nothing: it can
-- neither drop the guards of the events nor TRUNCATE.
ALTER ROLE ombud_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'ombud_owner';
ALTER ROLE ombud_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'ombud_app';

\if :tests
  -- Each run of the tests makes databases of its own, switches guards off while it flushes them, and tries what the
  -- application's role may not do.
  ALTER ROLE ombud_owner CREATEDB;
  GRANT ombud_app TO ombud_owner;
  GRANT SET ON PARAMETER session_replication_role TO ombud_owner;
\endif

SELECT 'CREATE DATABASE ombud OWNER ombud_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ombud') \gexec
REVOKE ALL ON DATABASE ombud FROM PUBLIC;
-- Temporary tables are what verify_events compares the checkpoints with.
GRANT CONNECT, TEMPORARY ON DATABASE ombud TO ombud_app;
