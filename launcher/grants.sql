-- Extensions, and what the application's role may do with whatever the owner will make; in one database, as the
-- superuser, any number of times.
SET client_min_messages = warning;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

GRANT USAGE, CREATE ON SCHEMA public TO ombud_owner;
GRANT USAGE ON SCHEMA public TO ombud_app;

ALTER DEFAULT PRIVILEGES FOR ROLE ombud_owner GRANT USAGE ON SCHEMAS TO ombud_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ombud_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ombud_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ombud_owner GRANT USAGE, SELECT ON SEQUENCES TO ombud_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ombud_owner GRANT EXECUTE ON FUNCTIONS TO ombud_app;
