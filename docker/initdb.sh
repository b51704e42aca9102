#!/bin/sh
# Run once by the postgres image, on an empty volume: the two roles and the database. Their passwords are those in the
# addresses that the application is given; what its role may do is said by each migrate (audit/rights.py).
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
SQL
