#!/bin/sh
# Two roles, each the owner of its own databases and of nothing else. Runs once, on an empty volume.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" \
  -v meridian="$MERIDIAN_DB_PASSWORD" -v temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE meridian LOGIN PASSWORD :'meridian';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE meridian OWNER meridian;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
