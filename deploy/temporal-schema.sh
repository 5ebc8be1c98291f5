#!/bin/sh
# Brings Temporal's two databases to this release of the server; safe to repeat.
set -eu
update() {
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}
update temporal temporal
update temporal_visibility visibility
