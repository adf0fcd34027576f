# Run by the image once, when it has made a new database: lets standbys copy it.
echo 'host replication all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
