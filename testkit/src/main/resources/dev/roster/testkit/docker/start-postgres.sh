#!/bin/bash
# PID 1 of a database container: PostgreSQL with Citus on the volume at $PGDATA, which the first start initialises.
# During that first start the server listens on its Unix socket only: a health check over the container's own address
# would otherwise pass, and fail again when the server stops for its real start.
set -euo pipefail

run() { /usr/bin/setpriv --reuid 999 --regid 999 --clear-groups "$@"; }
sql() { "$PGBIN/psql" -X -q -v ON_ERROR_STOP=1 -h /run/postgresql -U "$POSTGRES_USER" "$@"; }

mkdir -p "$PGDATA" /run/postgresql
chown 999:999 "$PGDATA" /run/postgresql
chmod 700 "$PGDATA"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    printf '%s\n' "$POSTGRES_PASSWORD" >/run/postgresql/password
    run "$PGBIN/initdb" -D "$PGDATA" -U "$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 \
        --pwfile=/run/postgresql/password -N --no-instructions -E UTF8 --locale=C >/dev/null
    rm /run/postgresql/password
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    cat >>"$PGDATA/postgresql.conf" <<CONF
shared_preload_libraries = '$PRELOAD'
dynamic_library_path = '$LIBRARIES'
wal_level = logical
max_prepared_transactions = 50
max_connections = 60
shared_buffers = 16MB
fsync = off
autovacuum = off
jit = off
listen_addresses = '*'
unix_socket_directories = '/run/postgresql'
CONF
    printf '%s\n' "$SETTINGS" >>"$PGDATA/postgresql.conf"
    run "$PGBIN/pg_ctl" -D "$PGDATA" -s -w -l /run/postgresql/first-start.log \
        -o "-c listen_addresses=''" start >/dev/null || { cat /run/postgresql/first-start.log >&2; exit 1; }
    if [ "$POSTGRES_DB" != postgres ]; then
        sql -d postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
    fi
    if [ "$EXTENSION" = yes ]; then
        sql -d "$POSTGRES_DB" -c 'SET client_min_messages = warning; CREATE EXTENSION citus'
    fi
    run "$PGBIN/pg_ctl" -D "$PGDATA" -s -w -m fast stop
fi
exec /usr/bin/setpriv --reuid 999 --regid 999 --clear-groups "$PGBIN/postgres" -D "$PGDATA"
