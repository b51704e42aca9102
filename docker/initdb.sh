#!/bin/sh
# Run once by the postgres image, on an empty volume: the two roles, the database, and what each role may do there.
# Their passwords are those in the addresses that the application is given.
set -eu
password_in() { sed -E 's|^[a-z]+://[^:]+:([^@]+)@.*$|\1|' "/run/secrets/$1"; }
OWNER_PASSWORD=$(password_in database_owner_url)
APP_PASSWORD=$(password_in database_url)
export OWNER_PASSWORD APP_PASSWORD

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
CREATE ROLE massline_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE massline_app LOGIN PASSWORD :'app_password';
CREATE DATABASE massline OWNER massline_owner TEMPLATE template0 ENCODING 'UTF8';
\connect massline
SET ROLE massline_owner;
GRANT USAGE ON SCHEMA public TO massline_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO massline_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO massline_app;
SQL
