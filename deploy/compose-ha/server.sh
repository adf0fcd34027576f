#!/bin/bash
# Entry point of every server: one of a pair, of which one is primary and the other its standby.
#
#   server.sh            starts it as what it was; the first time as FIRST says, primary or standby
#   server.sh rejoin     makes it a standby of its peer anew; what it had is kept aside, not deleted
#
# It never starts a server as primary while its peer is one, and never makes an empty database where the peer has one.
set -euo pipefail

say() { echo "$(hostname): $*" >&2; }

as_postgres() { gosu postgres "$@"; }

# Where libpq finds the password: for this script, for replication, and for the connections that Citus makes to other nodes.
export PGPASSFILE=/dev/shm/passfile PGUSER=$POSTGRES_USER PGCONNECT_TIMEOUT=3
printf '*:*:*:*:%s\n' "$(sed 's/[:\\]/\\&/g' "$POSTGRES_PASSWORD_FILE")" >"$PGPASSFILE.new"
chown postgres: "$PGPASSFILE.new"
chmod 600 "$PGPASSFILE.new"
mv "$PGPASSFILE.new" "$PGPASSFILE"

# primary, standby, or nothing if it does not answer
peer_is() {
    case $(as_postgres psql -XAtq -h "$PEER" -d "${POSTGRES_DB:-$POSTGRES_USER}" -c 'SELECT pg_is_in_recovery()' 2>/dev/null) in
        f) echo primary ;;
        t) echo standby ;;
    esac
}

await_primary() {
    until [ "$(peer_is)" = primary ]; do
        say "waits for $PEER to be a primary"
        sleep 2
    done
}

copy_peer() {
    mkdir -p "$PGDATA.new"
    chown postgres: "$(dirname "$PGDATA")" "$PGDATA.new"
    find "$PGDATA.new" -mindepth 1 -delete
    say "copies $PEER"
    as_postgres pg_basebackup -h "$PEER" -D "$PGDATA.new" --wal-method=stream --checkpoint=fast --write-recovery-conf
    chmod 700 "$PGDATA.new"
    mv "$PGDATA.new" "$PGDATA"
}

rejoin() {
    if as_postgres pg_ctl -D "$PGDATA" status >/dev/null 2>&1; then
        say "is running: stop it first"
        exit 1
    fi
    await_primary
    if [ -e "$PGDATA" ]; then
        local kept
        kept=$PGDATA.$(date -u +%Y%m%dT%H%M%SZ)
        mv "$PGDATA" "$kept"
        say "what was here is kept in $kept; delete it when nobody misses a row"
    fi
    copy_peer
    say "is a standby of $PEER, and starts as such"
    exit 0
}

# A primary that was lost while its standby was promoted must not come back as a second one.
await_no_other_primary() {
    while [ ! -e "$PGDATA/standby.signal" ] && [ "$(peer_is)" = primary ]; do
        say "does not start: $PEER is the primary now. To make this server its standby:" \
            "docker-compose exec $(hostname) /server.sh rejoin"
        sleep 10
    done
}

[ "${1-}" != rejoin ] || rejoin

[ ! -s "$PGDATA/PG_VERSION" ] || await_no_other_primary
if [ -e "$PGDATA/standby.signal" ]; then
    say "starts as a standby of $PEER"
elif [ -s "$PGDATA/PG_VERSION" ]; then
    say "starts as a primary"
elif [ "$FIRST" = standby ]; then
    await_primary
    copy_peer
else
    case $(peer_is) in
        primary)
            say "has no data: becomes a standby of $PEER"
            copy_peer
            ;;
        standby)
            say "has no data, and $PEER is a standby with data: promote that one"
            exit 1
            ;;
    esac
fi
exec docker-entrypoint.sh "$@"
