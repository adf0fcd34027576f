#!/bin/sh
# Entry point of PgBouncer: starts it, and tells it which coordinator is the writable one. PgBouncer holds its clients meanwhile.
set -eu

password=$(cat "$POSTGRES_PASSWORD_FILE")
export PGPASSWORD="$password" PGUSER="$POSTGRES_USER" PGDATABASE="${POSTGRES_DB:-$POSTGRES_USER}" PGCONNECT_TIMEOUT=2

writable() {
    [ "$(psql -XAtq -h "$1" -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]
}

# The one in use while it is writable, else the only writable one; nothing if there is none, or if there are two.
choose() {
    if [ -n "$current" ] && writable "$current"; then
        echo "$current"
        return
    fi
    found=
    for host in $COORDINATORS; do
        if writable "$host"; then
            [ -z "$found" ] || return 0
            found=$host
        fi
    done
    echo "$found"
}

point_to() {
    printf '[databases]\n* = host=%s port=%s\n' "$1" "$2" >/tmp/databases.ini.new
    chown postgres /tmp/databases.ini.new
    mv /tmp/databases.ini.new /tmp/databases.ini
}

umask 077
printf '"%s" "%s"\n' "$POSTGRES_USER" "$(printf %s "$password" | sed 's/"/""/g')" >/tmp/userlist.txt
printf 'admin_users = %s\n' "$POSTGRES_USER" >/tmp/admin.ini
chown postgres /tmp/userlist.txt /tmp/admin.ini
# Nobody listens there: clients wait until it is known which coordinator is the right one.
point_to 127.0.0.1 1
current=

pgbouncer -u postgres /etc/pgbouncer/pgbouncer.ini &
pid=$!
trap 'kill "$pid"; wait "$pid"; exit' TERM INT
while kill -0 "$pid" 2>/dev/null; do
    next=$(choose)
    if [ -n "$next" ] && [ "$next" != "$current" ]; then
        echo "$next is the writable coordinator now" >&2
        point_to "$next" 5432
        current=$next
        kill -HUP "$pid"
    fi
    sleep 1
done
wait "$pid"
