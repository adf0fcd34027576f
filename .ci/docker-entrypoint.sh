#!/bin/bash
# What the entry point of PostgreSQL's official image does with the settings that the compose files in deploy/ use: makes the
# database at the first start, runs the scripts of /docker-entrypoint-initdb.d, and starts the server as the user postgres.
set -euo pipefail
[ "${1-}" = postgres ] || exec "$@"

if [ -n "${POSTGRES_PASSWORD_FILE-}" ]; then
    POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
    export POSTGRES_PASSWORD
    unset POSTGRES_PASSWORD_FILE
fi
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /run/postgresql
    chown postgres: "$PGDATA" /run/postgresql
    chmod 700 "$PGDATA"
    exec gosu postgres "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    POSTGRES_USER=${POSTGRES_USER:-postgres}
    POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
    initdb -D "$PGDATA" -U "$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 --locale=C.UTF-8 \
        --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") >/dev/null
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
    # Over the socket only, so that nobody takes it for ready.
    pg_ctl -D "$PGDATA" -s -w -o "-c listen_addresses=''" start
    sql() { psql -X -q -v ON_ERROR_STOP=1 -h /run/postgresql -U "$POSTGRES_USER" "$@"; }
    [ "$POSTGRES_DB" = postgres ] || sql -d postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
    for script in /docker-entrypoint-initdb.d/*; do
        case $script in
        *.sh) . "$script" ;;
        *.sql) sql -d "$POSTGRES_DB" -f "$script" ;;
        esac
    done
    pg_ctl -D "$PGDATA" -s -w -m fast stop
fi
exec "$@"
