#!/bin/bash
# PID 1 of a database container: PostgreSQL with Citus on the volume at $PGDATA, which the first start initialises.
# During that first start the server listens on its Unix socket only: a health check over the container's own address
# would otherwise pass, and fail again when the server stops for its real start.
set -euo pipefail

run() { /usr/bin/setpriv --reuid 999 --regid 999 --clear-groups "$@"; }
sql() { "$PGBIN/psql" -X -q -v ON_ERROR_STOP=1 -h /run/postgresql -U "$POSTGRES_USER" "$@"; }

initialise() {
    run "$PGBIN/initdb" -D "$PGDATA" -U "$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 \
        -N --no-instructions -E UTF8 --locale=C >/dev/null
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    cat >>"$PGDATA/postgresql.conf" <<CONF
shared_preload_libraries = 'citus'
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
$SETTINGS
CONF
}

# A copy of the template is a new server: initdb would have given it an identifier of its own, and so would the extension.
copy_template() {
    cp -a /template/. "$PGDATA"
    base64 -d <<<"$CONTROL" | dd of="$PGDATA/global/pg_control" conv=notrunc status=none
    run "$PGBIN/pg_resetwal" -D "$PGDATA" >/dev/null
}

mkdir -p "$PGDATA" /run/postgresql
chown 999:999 "$PGDATA" /run/postgresql
chmod 700 "$PGDATA"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    if [ -n "$CONTROL" ]; then copy_template; else initialise; fi
    run "$PGBIN/pg_ctl" -D "$PGDATA" -s -w -l /run/postgresql/first-start.log \
        -o "-c listen_addresses=''" start >/dev/null || { cat /run/postgresql/first-start.log >&2; exit 1; }
    if [ -n "$CONTROL" ]; then
        sql -d postgres -c "UPDATE pg_dist_node_metadata
            SET metadata = jsonb_set(metadata, '{server_id}', to_jsonb(gen_random_uuid()))"
    fi
    sql -d postgres -v role="$POSTGRES_USER" -v password="$POSTGRES_PASSWORD" <<<'ALTER ROLE :"role" PASSWORD :'"'password'"
    if [ "$POSTGRES_DB" != postgres ]; then
        sql -d postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
    fi
    if [ "$EXTENSION" = yes ]; then
        sql -d "$POSTGRES_DB" -c 'SET client_min_messages = error; CREATE EXTENSION IF NOT EXISTS citus'
    fi
    run "$PGBIN/pg_ctl" -D "$PGDATA" -s -w -m fast stop
fi
exec /usr/bin/setpriv --reuid 999 --regid 999 --clear-groups "$PGBIN/postgres" -D "$PGDATA"
