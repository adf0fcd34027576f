-- A stand-in for Citus 13.2: real PostgreSQL with the catalogs and the node functions of Citus in SQL. True for signatures,
-- refusals, SQLSTATEs, warnings, locks, and for what commits with what; not for data: a shard is a placement row and an
-- empty table. Metadata travels to the workers when the transaction commits (a deferred trigger), so a rollback leaves
-- nothing behind anywhere.

-- Catalogs ------------------------------------------------------------------------------------------------------------

CREATE SCHEMA citus;
CREATE SCHEMA citus_standin;
GRANT USAGE ON SCHEMA citus TO public;

CREATE TYPE citus.noderole AS ENUM ('primary', 'secondary', 'unavailable');
ALTER TYPE citus.noderole SET SCHEMA pg_catalog;
CREATE TYPE citus.distribution_type AS ENUM ('hash', 'range', 'append');
CREATE TYPE citus.shard_transfer_mode AS ENUM ('auto', 'force_logical', 'block_writes');

CREATE SEQUENCE citus.pg_dist_node_nodeid_seq MINVALUE 1 MAXVALUE 4294967296;
CREATE SEQUENCE citus.pg_dist_groupid_seq MINVALUE 1 MAXVALUE 4294967296;
CREATE SEQUENCE citus.pg_dist_shardid_seq MINVALUE 102008 NO CYCLE;
CREATE SEQUENCE citus.pg_dist_placement_placementid_seq;
CREATE SEQUENCE citus.pg_dist_colocationid_seq MINVALUE 1 MAXVALUE 4294967296;
ALTER SEQUENCE citus.pg_dist_node_nodeid_seq SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_groupid_seq SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_shardid_seq SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_placement_placementid_seq SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_colocationid_seq SET SCHEMA pg_catalog;

CREATE TABLE citus.pg_dist_node (
    nodeid int NOT NULL DEFAULT nextval('pg_catalog.pg_dist_node_nodeid_seq') PRIMARY KEY,
    groupid int NOT NULL DEFAULT nextval('pg_catalog.pg_dist_groupid_seq'),
    nodename text NOT NULL,
    nodeport int NOT NULL DEFAULT 5432,
    noderack text NOT NULL DEFAULT 'default',
    hasmetadata bool NOT NULL DEFAULT false,
    isactive bool NOT NULL DEFAULT true,
    noderole pg_catalog.noderole NOT NULL DEFAULT 'primary',
    nodecluster name NOT NULL DEFAULT 'default',
    metadatasynced bool DEFAULT false,
    shouldhaveshards bool NOT NULL DEFAULT true,
    nodeisclone bool NOT NULL DEFAULT false,
    nodeprimarynodeid int NOT NULL DEFAULT 0,
    UNIQUE (nodename, nodeport),
    CONSTRAINT primaries_are_only_allowed_in_the_default_cluster CHECK (NOT (nodecluster <> 'default' AND noderole = 'primary'))
);
CREATE TABLE citus.pg_dist_local_group (groupid int NOT NULL PRIMARY KEY);
INSERT INTO citus.pg_dist_local_group VALUES (0);
CREATE TABLE citus.pg_dist_node_metadata (metadata jsonb NOT NULL);
INSERT INTO citus.pg_dist_node_metadata
    VALUES (jsonb_build_object('server_id', gen_random_uuid(), 'last_upgrade_version', '13.2-1'));
CREATE TABLE citus.pg_dist_partition (
    logicalrelid regclass NOT NULL UNIQUE,
    partmethod "char" NOT NULL,
    partkey text,
    colocationid int NOT NULL DEFAULT 0,
    repmodel "char" NOT NULL DEFAULT 'c',
    autoconverted bool DEFAULT false
);
CREATE TABLE citus.pg_dist_shard (
    logicalrelid regclass NOT NULL,
    shardid bigint NOT NULL UNIQUE,
    shardstorage "char" NOT NULL,
    shardminvalue text,
    shardmaxvalue text
);
CREATE INDEX pg_dist_shard_logical_relid_index ON citus.pg_dist_shard (logicalrelid);
CREATE TABLE citus.pg_dist_placement (
    placementid bigint NOT NULL DEFAULT nextval('pg_catalog.pg_dist_placement_placementid_seq') UNIQUE,
    shardid bigint NOT NULL,
    shardstate int NOT NULL,
    shardlength bigint NOT NULL,
    groupid int NOT NULL,
    UNIQUE (shardid, groupid)
);
CREATE INDEX pg_dist_placement_groupid_index ON citus.pg_dist_placement (groupid);
CREATE TABLE citus.pg_dist_colocation (
    colocationid int NOT NULL PRIMARY KEY,
    shardcount int NOT NULL,
    replicationfactor int NOT NULL,
    distributioncolumntype oid NOT NULL,
    distributioncolumncollation oid NOT NULL
);
CREATE SEQUENCE citus.pg_dist_operationid_seq;
CREATE SEQUENCE citus.pg_dist_cleanup_recordid_seq;
CREATE TABLE citus.pg_dist_cleanup (
    record_id bigint NOT NULL PRIMARY KEY,
    operation_id bigint NOT NULL,
    object_type int NOT NULL,
    object_name text NOT NULL,
    node_group_id int NOT NULL,
    policy_type int NOT NULL
);

-- Background jobs. The catalogs that are read, pg_dist_background_job and pg_dist_background_task, are views below: looking
-- at a job is what makes it advance.
CREATE TYPE pg_catalog.citus_job_status AS ENUM
    ('scheduled', 'running', 'finished', 'cancelling', 'cancelled', 'failing', 'failed');
CREATE TYPE pg_catalog.citus_task_status AS ENUM
    ('blocked', 'runnable', 'running', 'done', 'cancelling', 'error', 'unscheduled', 'cancelled');
CREATE TABLE citus_standin.background_job (
    job_id bigserial PRIMARY KEY,
    state pg_catalog.citus_job_status NOT NULL DEFAULT 'scheduled',
    job_type name NOT NULL,
    description text NOT NULL,
    started_at timestamptz,
    finished_at timestamptz
);
CREATE TABLE citus_standin.background_task (
    job_id bigint NOT NULL REFERENCES citus_standin.background_job,
    task_id bigserial PRIMARY KEY,
    owner regrole NOT NULL DEFAULT current_user::regrole,
    pid int,
    status pg_catalog.citus_task_status NOT NULL DEFAULT 'runnable',
    command text NOT NULL,
    retry_count int,
    not_before timestamptz,
    message text NOT NULL DEFAULT '',
    nodes_involved int[]
);

ALTER TABLE citus.pg_dist_node SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_local_group SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_node_metadata SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_partition SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_shard SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_placement SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_colocation SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_cleanup SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_operationid_seq SET SCHEMA pg_catalog;
ALTER SEQUENCE citus.pg_dist_cleanup_recordid_seq SET SCHEMA pg_catalog;
GRANT SELECT ON pg_catalog.pg_dist_node, pg_catalog.pg_dist_local_group, pg_catalog.pg_dist_node_metadata,
    pg_catalog.pg_dist_partition, pg_catalog.pg_dist_shard, pg_catalog.pg_dist_placement, pg_catalog.pg_dist_colocation,
    pg_catalog.pg_dist_cleanup TO public;

-- A crowd: with citus_standin.crowd = on, every name is a server that exists only here. Nobody is connected to, nothing is
-- checked and no metadata travels, so that a thousand workers need no thousand servers. Not true of any Citus: only for
-- counting what is sent to the coordinator, and for how that grows.
CREATE FUNCTION citus_standin.is_crowd() RETURNS bool LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(current_setting('citus_standin.crowd', true), '') = 'on'
$$;

-- What one of the crowd answers: what is true here, under an identity made from its name; blank until it is a node.
CREATE FUNCTION citus_standin.answer_of_crowd(host text, port int, command text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    said text;
    own text := md5(lower(host) || ':' || port);
    known int := (SELECT groupid FROM pg_dist_node WHERE lower(nodename) = lower(host) AND nodeport = port);
    answer jsonb;
BEGIN
    EXECUTE command INTO said;
    IF known = 0 OR NOT starts_with(said, '{') THEN
        RETURN said;
    END IF;
    answer := said::jsonb || jsonb_build_object('system', ('x' || left(own, 15))::bit(60)::bigint::text,
        'server', own, 'group', coalesce(known, 0));
    RETURN CASE WHEN known IS NULL THEN answer || '{"nodes": 0, "coordinator": null}' ELSE answer END;
END
$$;

-- Ways to other servers -----------------------------------------------------------------------------------------------

CREATE FUNCTION citus_standin.dblink_connect(text, text) RETURNS text
    AS '$libdir/dblink', 'dblink_connect' LANGUAGE c STRICT;
CREATE FUNCTION citus_standin.dblink_disconnect(text) RETURNS text
    AS '$libdir/dblink', 'dblink_disconnect' LANGUAGE c STRICT;
CREATE FUNCTION citus_standin.dblink(text, text) RETURNS SETOF record
    AS '$libdir/dblink', 'dblink_record' LANGUAGE c STRICT;
CREATE FUNCTION citus_standin.dblink_get_connections() RETURNS text[]
    AS '$libdir/dblink', 'dblink_get_connections' LANGUAGE c;
CREATE FUNCTION citus_standin.dblink_send_query(text, text) RETURNS int
    AS '$libdir/dblink', 'dblink_send_query' LANGUAGE c STRICT;
CREATE FUNCTION citus_standin.dblink_get_result(text) RETURNS SETOF record
    AS '$libdir/dblink', 'dblink_get_result' LANGUAGE c STRICT;

-- citus.node_connection_timeout in milliseconds; a value without a unit is milliseconds, as in Citus.
CREATE FUNCTION citus_standin.connection_timeout() RETURNS int LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT CASE WHEN setting ~ '^[0-9]+$' THEN setting::int
                ELSE (extract(epoch FROM replace(setting, ' ', '')::interval) * 1000)::int END
      FROM (SELECT coalesce(nullif(current_setting('citus.node_connection_timeout', true), ''), '30s')) AS s(setting)
$$;

CREATE FUNCTION citus_standin.quoted(word text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT '''' || replace(replace(word, '\', '\\'), '''', '\''') || ''''
$$;

CREATE FUNCTION citus_standin.dblink_cancel_query(text) RETURNS text
    AS '$libdir/dblink', 'dblink_cancel_query' LANGUAGE c STRICT;

-- From PostgreSQL 16 on, dblink ignores connect_timeout. A second session of our own cancels us instead when time is up.
CREATE FUNCTION citus_standin.start_timer() RETURNS bool LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('server_version_num')::int < 160000 OR inet_server_addr() IS NULL THEN
        RETURN false;
    END IF;
    IF NOT 'citus timer' = ANY (coalesce(citus_standin.dblink_get_connections(), '{}')) THEN
        PERFORM citus_standin.dblink_connect('citus timer', format('host=%s port=%s dbname=%s user=%s',
            host(inet_server_addr()), inet_server_port(), citus_standin.quoted(current_database()), citus_standin.quoted(session_user)));
    END IF;
    PERFORM citus_standin.dblink_send_query('citus timer', format('SELECT pg_cancel_backend(%s)::text FROM pg_sleep(%s)',
        pg_backend_pid(), citus_standin.connection_timeout() / 1000.0));
    RETURN true;
EXCEPTION WHEN sqlclient_unable_to_establish_sqlconnection THEN
    RETURN false;
END
$$;

CREATE FUNCTION citus_standin.stop_timer() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM citus_standin.dblink_cancel_query('citus timer');
    PERFORM citus_standin.dblink_disconnect('citus timer');
END
$$;

-- Opens a connection under this name; on failure answers with libpq's words, else NULL.
CREATE FUNCTION citus_standin.try_connect(link text, host text, port int) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    words text;
    timed bool := citus_standin.start_timer();
    conninfo text := format('host=%s port=%s dbname=%s user=%s connect_timeout=%s application_name=%s',
        citus_standin.quoted(host), citus_standin.quoted(port::text), citus_standin.quoted(current_database()),
        citus_standin.quoted(session_user), greatest(1, ceil(citus_standin.connection_timeout() / 1000.0)),
        citus_standin.quoted('citus_internal gpid=' || pg_backend_pid()));
BEGIN
    BEGIN
        PERFORM citus_standin.dblink_connect(link, conninfo);
    EXCEPTION
        WHEN sqlclient_unable_to_establish_sqlconnection THEN
            GET STACKED DIAGNOSTICS words = PG_EXCEPTION_DETAIL;
        WHEN query_canceled THEN
            IF NOT timed OR SQLERRM NOT LIKE '%user request%' THEN
                RAISE;
            END IF;
            words := 'timeout expired';
    END;
    IF timed THEN
        BEGIN
            PERFORM citus_standin.stop_timer();
        EXCEPTION WHEN query_canceled THEN
            -- It fired while it was being stopped.
            IF SQLERRM NOT LIKE '%user request%' THEN
                RAISE;
            END IF;
            IF 'citus timer' = ANY (coalesce(citus_standin.dblink_get_connections(), '{}')) THEN
                PERFORM citus_standin.stop_timer();
            END IF;
        END;
    END IF;
    RETURN words;
END
$$;

-- libpq names the address before what went wrong; Citus shows only the latter.
CREATE FUNCTION citus_standin.cause(words text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT regexp_replace(btrim(words, E' \n'), '^connection to server .*? failed: ', '')
$$;

-- The connection of this transaction to a server, made at the first use. Those of earlier transactions are closed.
CREATE FUNCTION citus_standin.link(host text, port int) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    here text := format('citus %s ', extract(epoch FROM transaction_timestamp()));
    link text := left(here || md5(host || ':' || port), 62);
    other text;
    words text;
BEGIN
    IF link = ANY (citus_standin.dblink_get_connections()) THEN
        RETURN link;
    END IF;
    FOREACH other IN ARRAY coalesce(citus_standin.dblink_get_connections(), '{}') LOOP
        IF NOT starts_with(other, here) AND other <> 'citus timer' THEN
            PERFORM citus_standin.dblink_disconnect(other);
        END IF;
    END LOOP;
    IF length(host) > 255 THEN
        RAISE EXCEPTION 'hostname exceeds the maximum length of 255' USING ERRCODE = '22023';
    END IF;
    words := citus_standin.try_connect(link, host, port);
    IF words LIKE '%timeout expired%' THEN
        RAISE WARNING 'could not establish connection after % ms', citus_standin.connection_timeout();
        words := citus_standin.try_connect(link, host, port);
        IF words LIKE '%timeout expired%' THEN
            RAISE WARNING 'could not establish connection after % ms', citus_standin.connection_timeout();
            RAISE EXCEPTION 'connection to the remote node %@%:% failed', session_user, host, port
                USING ERRCODE = 'connection_failure';
        END IF;
    END IF;
    IF words IS NOT NULL THEN
        RAISE EXCEPTION 'connection to the remote node %@%:% failed with the following error: %',
            session_user, host, port, citus_standin.cause(words) USING ERRCODE = 'connection_failure';
    END IF;
    PERFORM * FROM citus_standin.dblink(link, 'SELECT set_config(''search_path'', ''pg_catalog'', false)') AS t(v text);
    RETURN link;
END
$$;

-- Asks one value of a server on this transaction's connection. A refusal is passed on as Citus does it: the server's own
-- words as a warning with its SQLSTATE, then a general error.
CREATE FUNCTION citus_standin.ask(host text, port int, command text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    link text := citus_standin.link(host, port);
    answer text;
    state text;
    words text;
BEGIN
    BEGIN
        SELECT t.v INTO answer FROM citus_standin.dblink(link, command) AS t(v text);
        RETURN answer;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, words = MESSAGE_TEXT;
    END;
    IF state = '57014' THEN
        RAISE EXCEPTION '%', words USING ERRCODE = state;
    END IF;
    RAISE WARNING '%', words USING ERRCODE = state, DETAIL = 'while executing command on ' || host || ':' || port;
    RAISE EXCEPTION 'failure on connection marked as essential: %:%', host, port USING ERRCODE = 'XX000';
END
$$;

-- Metadata on its way to the workers ----------------------------------------------------------------------------------

-- Rows that citus_update_node led to another server: Citus sends such a server the nodes, and the tables only by
-- citus_activate_node.
CREATE TABLE citus_standin.led_elsewhere (nodeid int PRIMARY KEY);

-- What a worker of this group has to know.
CREATE FUNCTION citus_standin.metadata_for(target int) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT json_build_object(
        'group', target,
        'led', EXISTS (SELECT FROM citus_standin.led_elsewhere e JOIN pg_dist_node n USING (nodeid) WHERE n.groupid = target)
            AND coalesce(current_setting('citus_standin.made', true), '') = '',
        'nodes', (SELECT json_agg(to_json(n)) FROM pg_dist_node n),
        'tables', (SELECT json_agg(json_build_object(
            'schema', s.nspname, 'name', c.relname, 'partmethod', p.partmethod, 'partkey', p.partkey,
            'colocationid', p.colocationid, 'repmodel', p.repmodel,
            'columns', (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
            'shards', (SELECT json_agg(json_build_object('id', d.shardid, 'storage', d.shardstorage,
                           'min', d.shardminvalue, 'max', d.shardmaxvalue,
                           'make', d.shardid = ANY (coalesce(nullif(current_setting('citus_standin.made', true), ''), '{}')::bigint[])))
                         FROM pg_dist_shard d WHERE d.logicalrelid = p.logicalrelid)))
            FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid JOIN pg_namespace s ON s.oid = c.relnamespace),
        'placements', (SELECT json_agg(to_json(l)) FROM pg_dist_placement l),
        'colocations', (SELECT json_agg(to_json(o)) FROM pg_dist_colocation o))::text
$$;

-- On the worker: makes its catalogs and tables agree with what the coordinator sent. Drops a local table that has the name
-- of a Citus table, without a word, as Citus does.
CREATE FUNCTION citus_standin.receive(metadata jsonb) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    citus_table jsonb;
    shard jsonb;
    known regclass;
    gone record;
    shard_id bigint;
    shard_name text;
    here bool;
BEGIN
    PERFORM set_config('citus_standin.receiving', 'on', true);
    DELETE FROM pg_dist_node;
    INSERT INTO pg_dist_node SELECT * FROM jsonb_populate_recordset(NULL::pg_dist_node, metadata->'nodes');
    UPDATE pg_dist_local_group SET groupid = (metadata->>'group')::int;
    IF (metadata->>'led')::bool AND NOT EXISTS (SELECT FROM pg_dist_partition) THEN
        RETURN 'received the nodes';
    END IF;
    DELETE FROM pg_dist_colocation;
    INSERT INTO pg_dist_colocation
        SELECT * FROM jsonb_populate_recordset(NULL::pg_dist_colocation, coalesce(nullif(metadata->'colocations', 'null'), '[]'));
    DELETE FROM pg_dist_placement;
    INSERT INTO pg_dist_placement
        SELECT * FROM jsonb_populate_recordset(NULL::pg_dist_placement, coalesce(nullif(metadata->'placements', 'null'), '[]'));
    FOR gone IN SELECT s.nspname, c.relname, p.logicalrelid, array_agg(d.shardid) AS shards
                  FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid JOIN pg_namespace s ON s.oid = c.relnamespace
                       LEFT JOIN pg_dist_shard d ON d.logicalrelid = p.logicalrelid
                 WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(nullif(metadata->'tables', 'null'), '[]')) t
                        WHERE t->>'schema' = s.nspname AND t->>'name' = c.relname)
                 GROUP BY 1, 2, 3 LOOP
        DELETE FROM pg_dist_partition WHERE logicalrelid = gone.logicalrelid;
        EXECUTE format('DROP TABLE %I.%I CASCADE', gone.nspname, gone.relname);
        FOREACH shard_id IN ARRAY gone.shards LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I.%I', gone.nspname, gone.relname || '_' || shard_id);
        END LOOP;
    END LOOP;
    DELETE FROM pg_dist_shard;
    FOR citus_table IN SELECT * FROM jsonb_array_elements(coalesce(nullif(metadata->'tables', 'null'), '[]')) LOOP
        known := to_regclass(format('%I.%I', citus_table->>'schema', citus_table->>'name'));
        IF known IS NULL OR NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = known) THEN
            EXECUTE format('DROP TABLE IF EXISTS %I.%I CASCADE', citus_table->>'schema', citus_table->>'name');
            EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', citus_table->>'schema');
            EXECUTE format('CREATE TABLE %I.%I (%s)', citus_table->>'schema', citus_table->>'name', citus_table->>'columns');
            known := to_regclass(format('%I.%I', citus_table->>'schema', citus_table->>'name'));
            INSERT INTO pg_dist_partition VALUES (known, (citus_table->>'partmethod')::"char", citus_table->>'partkey',
                (citus_table->>'colocationid')::int, (citus_table->>'repmodel')::"char");
        END IF;
        FOR shard IN SELECT * FROM jsonb_array_elements(coalesce(nullif(citus_table->'shards', 'null'), '[]')) LOOP
            INSERT INTO pg_dist_shard VALUES (known, (shard->>'id')::bigint, (shard->>'storage')::"char", shard->>'min', shard->>'max');
            shard_name := citus_table->>'name' || '_' || (shard->>'id');
            here := EXISTS (SELECT FROM pg_dist_placement
                WHERE shardid = (shard->>'id')::bigint AND groupid = (metadata->>'group')::int);
            IF (shard->>'make')::bool AND here THEN
                EXECUTE format('CREATE TABLE IF NOT EXISTS %I.%I (%s)', citus_table->>'schema', shard_name, citus_table->>'columns');
            END IF;
        END LOOP;
    END LOOP;
    RETURN 'received';
END
$$;

CREATE FUNCTION citus_standin.send(node pg_catalog.pg_dist_node) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM citus_standin.ask(node.nodename, node.nodeport,
        format('SELECT citus_standin.receive(%L::jsonb)', citus_standin.metadata_for(node.groupid)));
END
$$;

-- Fires at commit, once for each transaction that changed nodes or placements on the coordinator.
CREATE FUNCTION citus_standin.push() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
    now_pushed text := transaction_timestamp()::text;
BEGIN
    IF citus_standin.is_crowd()
       OR coalesce(current_setting('citus_standin.receiving', true), '') = 'on'
       OR coalesce(current_setting('citus_standin.pushed', true), '') = now_pushed
       OR (SELECT groupid <> 0 FROM pg_dist_local_group) THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('citus_standin.pushed', now_pushed, true);
    PERFORM citus_standin.sync(false);
    RETURN NULL;
END
$$;

-- The maintenance daemon's round: sends the metadata to every active primary. One that does not answer is marked, and
-- tried again at the next round.
CREATE FUNCTION citus_standin.sync(only_unsynced bool) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
    level text := current_setting('client_min_messages');
BEGIN
    PERFORM set_config('client_min_messages', 'error', true);
    UPDATE pg_dist_node SET metadatasynced = true WHERE isactive AND hasmetadata AND NOT metadatasynced;
    IF only_unsynced AND NOT FOUND THEN
        PERFORM set_config('client_min_messages', level, true);
        RETURN;
    END IF;
    FOR node IN SELECT * FROM pg_dist_node WHERE groupid <> 0 AND isactive AND hasmetadata AND noderole = 'primary' ORDER BY nodeid LOOP
        BEGIN
            PERFORM citus_standin.send(node);
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE = '57014' THEN
                RAISE;
            END IF;
            UPDATE pg_dist_node SET metadatasynced = false WHERE nodeid = node.nodeid;
        END;
    END LOOP;
    PERFORM set_config('client_min_messages', level, true);
END
$$;

CREATE CONSTRAINT TRIGGER citus_standin_push AFTER INSERT OR UPDATE OR DELETE ON pg_catalog.pg_dist_node
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION citus_standin.push();
CREATE CONSTRAINT TRIGGER citus_standin_push AFTER INSERT OR UPDATE OR DELETE ON pg_catalog.pg_dist_placement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION citus_standin.push();

-- What Citus checks before it changes nodes ---------------------------------------------------------------------------

CREATE FUNCTION citus_standin.require_coordinator() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT groupid <> 0 FROM pg_dist_local_group) THEN
        RAISE EXCEPTION 'operation is not allowed on this node'
            USING ERRCODE = 'XX000', HINT = 'Connect to the coordinator and run it again.';
    END IF;
END
$$;

CREATE FUNCTION citus_standin.require_superuser() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION 'operation is not allowed'
            USING ERRCODE = 'XX000', HINT = 'Run the command with a superuser.';
    END IF;
END
$$;

-- Every active primary but one has to be synced and to answer.
CREATE FUNCTION citus_standin.require_others(except_node int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.sync(true);
    FOR node IN SELECT * FROM pg_dist_node
                 WHERE groupid <> 0 AND isactive AND noderole = 'primary' AND nodeid <> except_node ORDER BY nodename, nodeport LOOP
        IF NOT node.metadatasynced THEN
            PERFORM citus_standin.link(node.nodename, node.nodeport);
            RAISE EXCEPTION '%:% is a metadata node, but is out of sync', node.nodename, node.nodeport
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = 'If the node is up, wait until metadata gets synced to it and try again.';
        END IF;
        PERFORM citus_standin.ask(node.nodename, node.nodeport, 'SELECT 1');
    END LOOP;
END
$$;

CREATE FUNCTION citus_standin.node_at(host text, port int) RETURNS pg_catalog.pg_dist_node
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    LOCK TABLE pg_dist_node IN EXCLUSIVE MODE;
    SELECT * INTO node FROM pg_dist_node WHERE nodename = host AND nodeport = port;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'node at "%:%" does not exist', host, port USING ERRCODE = 'XX000';
    END IF;
    RETURN node;
END
$$;

CREATE FUNCTION citus_standin.refuse_sole_placement(node pg_catalog.pg_dist_node) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    shard bigint;
    relation regclass;
BEGIN
    SELECT p.shardid, s.logicalrelid INTO shard, relation
      FROM pg_dist_placement p JOIN pg_dist_shard s USING (shardid) JOIN pg_dist_partition t USING (logicalrelid)
     WHERE p.groupid = node.groupid AND NOT EXISTS (
           SELECT FROM pg_dist_placement q JOIN pg_dist_node n ON n.groupid = q.groupid AND n.isactive AND n.noderole = 'primary'
            WHERE q.shardid = p.shardid AND q.groupid <> p.groupid)
     ORDER BY p.shardid LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'cannot remove or disable the node %:% because because it contains the only shard placement for shard %',
            node.nodename, node.nodeport, shard USING ERRCODE = 'XX000',
            DETAIL = 'One of the table(s) that prevents the operation complete successfully is ' || relation,
            HINT = 'To proceed, either drop the tables or use undistribute_table() function to convert them to local tables';
    END IF;
END
$$;

CREATE FUNCTION citus_standin.who_are_you() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT concat_ws('|', (SELECT metadata->>'server_id' FROM pg_dist_node_metadata),
        (SELECT system_identifier FROM pg_control_system()), pg_postmaster_start_time())
$$;

-- The checks of citus_add_node and citus_activate_node that need the server itself.
CREATE FUNCTION citus_standin.require_fit(host text, port int) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    said text;
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.ask(host, port, 'SELECT assign_distributed_transaction_id(0, 0, now())');
    said := citus_standin.ask(host, port, 'SELECT extversion FROM pg_extension WHERE extname = ''citus''');
    IF said <> (SELECT extversion FROM pg_extension WHERE extname = 'citus') THEN
        RAISE WARNING 'column "nodeisclone" of relation "pg_dist_node" does not exist' USING ERRCODE = '42703';
        RAISE EXCEPTION 'failure on connection marked as essential: %:%', host, port USING ERRCODE = 'XX000';
    END IF;
    IF citus_standin.ask(host, port, 'SELECT current_setting(''shared_preload_libraries'')') !~ '\mcitus\M' THEN
        RAISE WARNING 'Citus can only be loaded via shared_preload_libraries'
            USING ERRCODE = 'XX000', HINT = 'Add citus to shared_preload_libraries configuration variable in postgresql.conf';
        RAISE EXCEPTION 'failure on connection marked as essential: %:%', host, port USING ERRCODE = 'XX000';
    END IF;
    IF citus_standin.ask(host, port, 'SELECT current_setting(''transaction_read_only'')') = 'on' THEN
        RAISE WARNING 'cannot execute UPDATE in a read-only transaction' USING ERRCODE = '25006';
        RAISE EXCEPTION 'failure on connection marked as essential: %:%', host, port USING ERRCODE = 'XX000';
    END IF;
    said := citus_standin.ask(host, port, 'SELECT citus_standin.who_are_you()');
    IF said = citus_standin.who_are_you() THEN
        RAISE EXCEPTION 'Node cannot add itself as a worker.' USING ERRCODE = 'XX000',
            HINT = format('Add the node as a coordinator by using: SELECT citus_set_coordinator_host(%L, %s);', host, port);
    END IF;
    FOR node IN SELECT * FROM pg_dist_node WHERE groupid <> 0 AND isactive AND noderole = 'primary'
                   AND (nodename, nodeport) <> (host, port) LOOP
        IF citus_standin.ask(node.nodename, node.nodeport, 'SELECT citus_standin.who_are_you()') = said THEN
            RAISE EXCEPTION 'canceling the transaction since it was involved in a distributed deadlock'
                USING ERRCODE = 'deadlock_detected';
        END IF;
    END LOOP;
END
$$;

-- Citus calls this first on every worker, so that is what a server without the extension is found out by.
CREATE FUNCTION pg_catalog.assign_distributed_transaction_id(int, int, timestamptz) RETURNS text
LANGUAGE sql AS $$ SELECT 'assigned' $$;

-- Node functions ------------------------------------------------------------------------------------------------------

CREATE FUNCTION pg_catalog.citus_add_node(nodename text, nodeport int, groupid int DEFAULT -1,
    noderole noderole DEFAULT 'primary', nodecluster name DEFAULT 'default') RETURNS int
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    host ALIAS FOR $1; port ALIAS FOR $2; wanted ALIAS FOR $3; role ALIAS FOR $4; cluster ALIAS FOR $5;
    known int;
BEGIN
    PERFORM citus_standin.require_superuser();
    PERFORM citus_standin.require_coordinator();
    SELECT nodeid INTO known FROM pg_dist_node n WHERE n.nodename = host AND n.nodeport = port;
    IF FOUND THEN
        RETURN known;
    END IF;
    LOCK TABLE pg_dist_node IN EXCLUSIVE MODE;
    SELECT nodeid INTO known FROM pg_dist_node n WHERE n.nodename = host AND n.nodeport = port;
    IF FOUND THEN
        RETURN known;
    END IF;
    IF length(host) > 255 THEN
        RAISE EXCEPTION 'could not find valid entry for node "%:%"', host, port USING ERRCODE = 'XX000';
    END IF;
    IF wanted <> 0 AND role = 'primary' AND host <> 'localhost'
       AND EXISTS (SELECT FROM pg_dist_node n WHERE n.groupid = 0 AND n.nodename = 'localhost') THEN
        RAISE EXCEPTION 'cannot add a worker node when the coordinator hostname is set to localhost' USING ERRCODE = 'XX000',
            DETAIL = 'Worker nodes need to be able to connect to the coordinator to transfer data.',
            HINT = 'Use SELECT citus_set_coordinator_host(''<hostname>'') to configure the coordinator hostname';
    END IF;
    IF role = 'primary' AND wanted >= 0 AND EXISTS (SELECT FROM pg_dist_node n WHERE n.groupid = wanted AND n.noderole = 'primary') THEN
        RAISE EXCEPTION 'group % already has a primary node', wanted USING ERRCODE = 'XX000';
    END IF;
    IF role = 'primary' AND cluster <> 'default' THEN
        RAISE EXCEPTION 'primaries must be added to the default cluster' USING ERRCODE = 'XX000';
    END IF;
    IF NOT citus_standin.is_crowd() THEN
        PERFORM citus_standin.require_others(-1);
        IF role = 'primary' AND wanted <> 0 THEN
            PERFORM citus_standin.require_fit(host, port);
        END IF;
    END IF;
    INSERT INTO pg_dist_node (groupid, nodename, nodeport, hasmetadata, metadatasynced, isactive, noderole, nodecluster, shouldhaveshards)
    VALUES (CASE WHEN wanted < 0 THEN nextval('pg_dist_groupid_seq')::int ELSE wanted END, host, port,
            role = 'primary', role = 'primary', true, role, cluster, wanted <> 0)
    RETURNING nodeid INTO known;
    RETURN known;
END
$$;

-- Nobody asks the secondary; the workers have to be told, so all primaries have to be there.
CREATE FUNCTION pg_catalog.citus_add_secondary_node(nodename text, nodeport int, primaryname text, primaryport int,
    nodecluster name DEFAULT 'default') RETURNS int
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.require_coordinator();
    node := citus_standin.node_at($3, $4);
    RETURN pg_catalog.citus_add_node($1, $2, node.groupid, 'secondary', $5);
END
$$;

CREATE FUNCTION pg_catalog.citus_set_coordinator_host(host text, port int DEFAULT current_setting('port')::int,
    node_role noderole DEFAULT 'primary', node_cluster name DEFAULT 'default') RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    known pg_dist_node;
BEGIN
    PERFORM citus_standin.require_superuser();
    PERFORM citus_standin.require_coordinator();
    LOCK TABLE pg_dist_node IN EXCLUSIVE MODE;
    SELECT * INTO known FROM pg_dist_node WHERE groupid = 0 AND noderole = node_role;
    IF NOT FOUND THEN
        PERFORM pg_catalog.citus_add_node(host, port, 0, node_role, node_cluster);
    ELSIF (known.nodename, known.nodeport) IS DISTINCT FROM (host, port) THEN
        PERFORM citus_standin.require_others(known.nodeid);
        UPDATE pg_dist_node SET nodename = host, nodeport = port WHERE nodeid = known.nodeid;
    END IF;
END
$$;

CREATE FUNCTION pg_catalog.citus_activate_node(nodename text, nodeport int) RETURNS int
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.require_superuser();
    PERFORM citus_standin.require_coordinator();
    node := citus_standin.node_at($1, $2);
    PERFORM citus_standin.require_others(node.nodeid);
    PERFORM citus_standin.require_fit($1, $2);
    DELETE FROM pg_dist_placement p USING pg_dist_shard s, pg_dist_partition t
     WHERE p.groupid = node.groupid AND s.shardid = p.shardid AND t.logicalrelid = s.logicalrelid AND NOT node.isactive
       AND (t.repmodel = 't' OR (SELECT count(*) FROM pg_dist_placement q WHERE q.shardid = p.shardid) > 1);
    DELETE FROM citus_standin.led_elsewhere e WHERE e.nodeid = node.nodeid;
    UPDATE pg_dist_node n SET isactive = true, hasmetadata = true, metadatasynced = true WHERE n.nodeid = node.nodeid;
    RETURN node.nodeid;
END
$$;

CREATE FUNCTION pg_catalog.citus_disable_node(nodename text, nodeport int, synchronous bool DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.require_coordinator();
    node := citus_standin.node_at($1, $2);
    PERFORM citus_standin.refuse_sole_placement(node);
    IF NOT synchronous AND node.nodeid = (SELECT n.nodeid FROM pg_dist_node n
            WHERE n.groupid <> 0 AND n.isactive AND n.noderole = 'primary' ORDER BY n.nodename, n.nodeport LIMIT 1) THEN
        RAISE EXCEPTION 'disabling the first worker node in the metadata is not allowed'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = format('You can force disabling node, SELECT citus_disable_node(%L, %s, synchronous:=true);', $1, $2);
    END IF;
    IF synchronous THEN
        PERFORM citus_standin.require_others(node.nodeid);
    END IF;
    UPDATE pg_dist_node n SET isactive = false, metadatasynced = false WHERE n.nodeid = node.nodeid;
END
$$;

CREATE FUNCTION pg_catalog.citus_remove_node(nodename text, nodeport int) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.require_coordinator();
    node := citus_standin.node_at($1, $2);
    IF node.noderole = 'primary' THEN
        IF node.groupid <> 0 THEN
            PERFORM citus_standin.refuse_sole_placement(node);
        END IF;
        -- The node itself is asked only to have its reference placements deleted everywhere, itself included.
        IF node.groupid <> 0 AND node.isactive AND EXISTS (SELECT FROM pg_dist_placement p WHERE p.groupid = node.groupid) THEN
            PERFORM citus_standin.link($1, $2);
        END IF;
        DELETE FROM pg_dist_placement p WHERE p.groupid = node.groupid;
    END IF;
    PERFORM citus_standin.require_others(node.nodeid);
    DELETE FROM pg_dist_node n WHERE n.nodeid = node.nodeid;
END
$$;

CREATE FUNCTION pg_catalog.citus_set_node_property(nodename text, nodeport int, property text, value bool) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    PERFORM citus_standin.require_coordinator();
    node := citus_standin.node_at($1, $2);
    IF property <> 'shouldhaveshards' THEN
        RAISE EXCEPTION 'only the ''shouldhaveshards'' property can be set using this function' USING ERRCODE = 'XX000';
    END IF;
    PERFORM citus_standin.require_others(-1);
    UPDATE pg_dist_node n SET shouldhaveshards = value WHERE n.nodeid = node.nodeid;
END
$$;

-- Citus locks the shards of a primary's group, which writers hold and readers do not; here it is the tables that have shards
-- there. By force, those who still hold one after the cool-down are ended.
CREATE FUNCTION citus_standin.wait_for_writers(node int, force bool, cooldown int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    waits text := current_setting('lock_timeout');
    held regclass;
BEGIN
    FOR held IN SELECT DISTINCT s.logicalrelid FROM pg_dist_placement p JOIN pg_dist_shard s USING (shardid)
                  JOIN pg_dist_node n USING (groupid) WHERE n.nodeid = node AND n.noderole = 'primary' LOOP
        IF force THEN
            BEGIN
                PERFORM set_config('lock_timeout', greatest(cooldown, 1)::text, true);
                EXECUTE format('LOCK TABLE %s IN SHARE MODE', held);
            EXCEPTION WHEN lock_not_available THEN
                PERFORM pg_terminate_backend(l.pid) FROM pg_locks l
                  WHERE l.locktype = 'relation' AND l.relation = held AND l.granted AND l.pid <> pg_backend_pid()
                    AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                        'AccessExclusiveLock');
            END;
            PERFORM set_config('lock_timeout', waits, true);
        END IF;
        EXECUTE format('LOCK TABLE %s IN SHARE MODE', held);
    END LOOP;
END
$$;

CREATE FUNCTION pg_catalog.citus_update_node(node_id int, new_node_name text, new_node_port int,
    force bool DEFAULT false, lock_cooldown int DEFAULT 10000) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    other int;
BEGIN
    SELECT nodeid INTO other FROM pg_dist_node WHERE nodename = new_node_name AND nodeport = new_node_port;
    IF other = node_id THEN
        RETURN;
    ELSIF other IS NOT NULL THEN
        RAISE EXCEPTION 'there is already another node with the specified hostname and port'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM FROM pg_dist_node WHERE nodeid = node_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'node % not found', node_id USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM citus_standin.wait_for_writers(node_id, force, lock_cooldown);
    LOCK TABLE pg_dist_node IN EXCLUSIVE MODE;
    UPDATE pg_dist_node SET nodename = new_node_name, nodeport = new_node_port, metadatasynced = false WHERE nodeid = node_id;
    INSERT INTO citus_standin.led_elsewhere VALUES (node_id) ON CONFLICT DO NOTHING;
END
$$;

-- Asking other servers ------------------------------------------------------------------------------------------------

CREATE FUNCTION citus_standin.run(hosts text[], ports int[], commands text[], OUT node_name text, OUT node_port int,
    OUT success bool, OUT result text) RETURNS SETOF record LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    here text := format('citus run %s ', pg_backend_pid());
    other text;
    failures text[] := '{}';
    rows int;
    context text;
BEGIN
    IF citus_standin.is_crowd() THEN
        RETURN QUERY SELECT w.host, w.port, true, citus_standin.answer_of_crowd(w.host, w.port, w.command)
            FROM unnest(hosts, ports, commands) AS w(host, port, command);
        RETURN;
    END IF;
    FOREACH other IN ARRAY coalesce(citus_standin.dblink_get_connections(), '{}') LOOP
        IF starts_with(other, here) THEN
            PERFORM citus_standin.dblink_disconnect(other);
        END IF;
    END LOOP;
    FOR i IN 1 .. coalesce(array_length(hosts, 1), 0) LOOP
        failures[i] := CASE WHEN length(hosts[i]) > 255 THEN 'too long' ELSE citus_standin.try_connect(here || i, hosts[i], ports[i]) END;
        IF failures[i] IS NULL THEN
            PERFORM * FROM citus_standin.dblink(here || i, 'SET application_name = citus_run_command') AS t(v text);
            PERFORM citus_standin.dblink_send_query(here || i, commands[i]);
        END IF;
    END LOOP;
    FOR i IN 1 .. coalesce(array_length(hosts, 1), 0) LOOP
        node_name := hosts[i];
        node_port := ports[i];
        IF failures[i] IS NOT NULL THEN
            success := false;
            result := format('failed to connect to %s:%s', hosts[i], ports[i]);
        ELSE
            BEGIN
                SELECT count(*), min(t.v) INTO rows, result FROM citus_standin.dblink_get_result(here || i) AS t(v text);
                success := rows <= 1;
                IF rows > 1 THEN
                    result := 'expected a single row in query result';
                END IF;
            EXCEPTION WHEN datatype_mismatch THEN
                success := false;
                result := 'expected a single column in query target';
            WHEN query_canceled THEN
                GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
                IF context LIKE '%on dblink connection named%' THEN
                    success := false; -- it was cancelled there
                    result := 'ERROR:  ' || SQLERRM;
                    PERFORM citus_standin.dblink_disconnect(here || i);
                    RETURN NEXT;
                    CONTINUE;
                END IF;
                -- as Citus does: what runs elsewhere is cancelled too
                FOR j IN i .. array_length(hosts, 1) LOOP
                    IF failures[j] IS NULL THEN
                        PERFORM citus_standin.dblink_cancel_query(here || j);
                        PERFORM citus_standin.dblink_disconnect(here || j);
                    END IF;
                END LOOP;
                RAISE;
            WHEN OTHERS THEN
                success := false;
                result := 'ERROR:  ' || SQLERRM;
            END;
            PERFORM citus_standin.dblink_disconnect(here || i);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

CREATE FUNCTION pg_catalog.master_run_on_worker(worker_name text[], port int[], command text[], parallel bool,
    OUT node_name text, OUT node_port int, OUT success bool, OUT result text) RETURNS SETOF record
LANGUAGE sql STRICT SET search_path = pg_catalog AS $$
    SELECT * FROM citus_standin.run($1, $2, $3)
$$;

CREATE FUNCTION pg_catalog.run_command_on_workers(command text, parallel bool DEFAULT true,
    OUT nodename text, OUT nodeport int, OUT success bool, OUT result text) RETURNS SETOF record
LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT r.* FROM (SELECT array_agg(n.nodename ORDER BY n.nodename, n.nodeport) h, array_agg(n.nodeport ORDER BY n.nodename, n.nodeport) p,
                            array_agg($1) c
                       FROM pg_dist_node n WHERE n.isactive AND n.groupid <> 0 AND n.noderole = 'primary') w,
           citus_standin.run(w.h, w.p, w.c) r
$$;

CREATE FUNCTION pg_catalog.run_command_on_all_nodes(command text, parallel bool DEFAULT true,
    give_warning_for_connection_errors bool DEFAULT false, OUT nodeid int, OUT success bool, OUT result text)
RETURNS SETOF record LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT n.nodeid, r.success, r.result
      FROM (SELECT array_agg(n.nodename ORDER BY n.nodeid) h, array_agg(n.nodeport ORDER BY n.nodeid) p, array_agg($1) c
              FROM pg_dist_node n WHERE n.isactive AND n.noderole = 'primary') w,
           citus_standin.run(w.h, w.p, w.c) r JOIN pg_dist_node n ON n.nodename = r.node_name AND n.nodeport = r.node_port
$$;

CREATE FUNCTION pg_catalog.run_command_on_coordinator(command text, give_warning_for_connection_errors bool DEFAULT false,
    OUT nodeid int, OUT success bool, OUT result text) RETURNS SETOF record LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    SELECT * INTO node FROM pg_dist_node n WHERE n.groupid = 0 AND n.noderole = 'primary';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the coordinator is not added to the metadata'
            USING HINT = 'Add the node as a coordinator by using: SELECT citus_set_coordinator_host(''<hostname>'')';
    END IF;
    RETURN QUERY SELECT node.nodeid, r.success, r.result
        FROM citus_standin.run(ARRAY[node.nodename], ARRAY[node.nodeport], ARRAY[$1]) r;
END
$$;

CREATE FUNCTION pg_catalog.citus_check_connection_to_node(nodename text, nodeport int DEFAULT 5432) RETURNS bool
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    words text;
BEGIN
    PERFORM citus_standin.link($1, $2);
    RETURN true;
EXCEPTION WHEN connection_failure THEN
    GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
    RAISE WARNING '%', words USING ERRCODE = 'connection_failure';
    RETURN false;
END
$$;

-- Self-description ----------------------------------------------------------------------------------------------------

CREATE FUNCTION pg_catalog.citus_version() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT 'Citus 13.2.2 (stand-in in SQL)'::text
$$;

CREATE FUNCTION pg_catalog.citus_coordinator_nodeid() RETURNS int LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT coalesce((SELECT nodeid FROM pg_dist_node WHERE groupid = 0 AND noderole = 'primary'), 0)
$$;

CREATE FUNCTION pg_catalog.citus_is_coordinator() RETURNS bool LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT (SELECT groupid = 0 FROM pg_dist_local_group) AND EXISTS (SELECT FROM pg_dist_node)
$$;

-- Tables --------------------------------------------------------------------------------------------------------------

CREATE FUNCTION citus_standin.place(relation regclass, shard bigint, target int) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    schema_name text;
    table_name text;
BEGIN
    INSERT INTO pg_dist_placement (shardid, shardstate, shardlength, groupid) VALUES (shard, 1, 0, target);
    PERFORM set_config('citus_standin.made',
        (coalesce(nullif(current_setting('citus_standin.made', true), ''), '{}')::bigint[] || shard)::text, true);
    IF target = 0 THEN
        SELECT s.nspname, c.relname INTO schema_name, table_name
          FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE c.oid = relation;
        EXECUTE format('CREATE TABLE %I.%I (LIKE %s)', schema_name, table_name || '_' || shard, relation);
    END IF;
END
$$;

CREATE FUNCTION pg_catalog.shard_name(object_name regclass, shard_id bigint, skip_qualify_public boolean DEFAULT true) RETURNS text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog AS $$
    SELECT CASE WHEN $3 AND n.nspname = 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.relname || '_' || $2)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1
$$;

CREATE FUNCTION citus_standin.require_any_node() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_dist_node) THEN
        INSERT INTO pg_dist_node (groupid, nodename, nodeport, hasmetadata, metadatasynced)
        VALUES (0, 'localhost', current_setting('port')::int, true, true);
    END IF;
    PERFORM citus_standin.require_others(-1);
END
$$;

CREATE FUNCTION pg_catalog.create_distributed_table(table_name regclass, distribution_column text,
    distribution_type citus.distribution_type DEFAULT 'hash', colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    shards int := coalesce(shard_count, nullif(current_setting('citus.shard_count', true), '')::int, 32);
    copies int := coalesce(nullif(current_setting('citus.shard_replication_factor', true), '')::int, 1);
    groups int[];
    colocation int := nextval('pg_dist_colocationid_seq');
    shard bigint;
    width bigint := 4294967296 / shards;
BEGIN
    PERFORM citus_standin.require_coordinator();
    PERFORM citus_standin.require_any_node();
    SELECT array_agg(groupid ORDER BY nodename, nodeport) INTO groups
      FROM pg_dist_node WHERE isactive AND shouldhaveshards AND noderole = 'primary';
    IF coalesce(array_length(groups, 1), 0) < copies THEN
        RAISE EXCEPTION 'replication_factor (%) exceeds number of worker nodes (%)', copies, coalesce(array_length(groups, 1), 0)
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Add more worker nodes or try again with a lower replication factor.';
    END IF;
    INSERT INTO pg_dist_colocation VALUES (colocation, shards, copies, 23, 0);
    INSERT INTO pg_dist_partition VALUES (table_name, 'h', distribution_column, colocation, CASE WHEN copies > 1 THEN 'c' ELSE 's' END);
    FOR i IN 0 .. shards - 1 LOOP
        shard := nextval('pg_dist_shardid_seq');
        INSERT INTO pg_dist_shard VALUES (table_name, shard, 't', (-2147483648 + i * width)::text,
            CASE WHEN i = shards - 1 THEN 2147483647 ELSE -2147483648 + (i + 1) * width - 1 END::text);
        FOR copy IN 0 .. copies - 1 LOOP
            PERFORM citus_standin.place(table_name, shard, groups[1 + (i + copy) % array_length(groups, 1)]);
        END LOOP;
    END LOOP;
END
$$;

CREATE FUNCTION pg_catalog.create_reference_table(table_name regclass) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
    shard bigint := nextval('pg_dist_shardid_seq');
    colocation int;
BEGIN
    PERFORM citus_standin.require_coordinator();
    PERFORM citus_standin.require_any_node();
    SELECT colocationid INTO colocation FROM pg_dist_colocation WHERE replicationfactor = -1;
    IF NOT FOUND THEN
        colocation := nextval('pg_dist_colocationid_seq');
        INSERT INTO pg_dist_colocation VALUES (colocation, 1, -1, 0, 0);
    END IF;
    INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, colocation, 't');
    INSERT INTO pg_dist_shard VALUES (table_name, shard, 't', NULL, NULL);
    FOR node IN SELECT * FROM pg_dist_node WHERE isactive AND noderole = 'primary' ORDER BY groupid LOOP
        PERFORM citus_standin.place(table_name, shard, node.groupid);
    END LOOP;
    PERFORM citus_standin.replicate();
END
$$;

-- Reference tables are copied to nodes that joined since.
CREATE FUNCTION citus_standin.replicate() RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT citus_standin.place(s.logicalrelid, s.shardid, n.groupid)
      FROM pg_dist_partition t JOIN pg_dist_shard s USING (logicalrelid)
           CROSS JOIN pg_dist_node n
     WHERE t.repmodel = 't' AND n.isactive AND n.noderole = 'primary'
       AND NOT EXISTS (SELECT FROM pg_dist_placement p WHERE p.shardid = s.shardid AND p.groupid = n.groupid)
     ORDER BY s.shardid, n.groupid
$$;

CREATE FUNCTION pg_catalog.replicate_reference_tables(shard_transfer_mode citus.shard_transfer_mode DEFAULT 'auto')
RETURNS void LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
BEGIN
    PERFORM citus_standin.require_coordinator();
    PERFORM citus_standin.require_any_node();
    PERFORM citus_standin.replicate();
END
$$;

CREATE FUNCTION pg_catalog.master_get_table_ddl_events(table_name text) RETURNS SETOF text
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog AS $$
    SELECT format('CREATE TABLE %I.%I (%s)', n.nspname, c.relname,
                  (SELECT string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                              CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY a.attnum)
                     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = table_name::regclass
    UNION ALL
    SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE k.conrelid = table_name::regclass AND k.contype IN ('p', 'u')
$$;

CREATE FUNCTION pg_catalog.worker_apply_shard_ddl_command(shard_id bigint, schema_name text, ddl_command text) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE regexp_replace(
        regexp_replace(ddl_command, '^((?:CREATE|ALTER) TABLE (?:ONLY )?(?:\w+\.)?\w+)', '\1_' || shard_id),
        '(ADD CONSTRAINT \w+)', '\1_' || shard_id);
END
$$;

CREATE FUNCTION pg_catalog.worker_apply_inter_shard_ddl_command(left_shard_id bigint, left_schema text, right_shard_id bigint,
    right_schema text, ddl_command text) RETURNS void LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
BEGIN
    PERFORM worker_apply_shard_ddl_command(left_shard_id, left_schema,
        regexp_replace(ddl_command, '((?:REFERENCES|ATTACH PARTITION) (?:\w+\.)?\w+)', '\1_' || right_shard_id));
END
$$;

-- There are no rows to copy, but the relation to copy to has to be there.
CREATE FUNCTION pg_catalog.worker_copy_table_to_node(source_table regclass, target_node_id int) RETURNS void
LANGUAGE plpgsql STRICT SET search_path = pg_catalog AS $$
DECLARE
    node pg_dist_node;
BEGIN
    SELECT * INTO node FROM pg_dist_node WHERE nodeid = target_node_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'node % not found', target_node_id USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM citus_standin.ask(node.nodename, node.nodeport,
        format('SELECT %L::regclass::text', (SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = source_table)));
END
$$;

-- Moving shards -------------------------------------------------------------------------------------------------------

-- Logical replication needs to tell rows apart.
CREATE FUNCTION citus_standin.require_identity(relation regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = relation AND (c.relreplident = 'n' OR c.relreplident = 'd'
               AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))) THEN
        RAISE EXCEPTION 'cannot use logical replication to transfer shards of the relation % since it doesn''t have a REPLICA IDENTITY or PRIMARY KEY',
            (SELECT relname FROM pg_class WHERE oid = relation) USING ERRCODE = 'feature_not_supported',
            DETAIL = 'UPDATE and DELETE commands on the shard will error out during logical replication unless there is a REPLICA IDENTITY or PRIMARY KEY.',
            HINT = 'If you wish to continue without a replica identity set the shard_transfer_mode to ''force_logical'' or ''block_writes''.';
    END IF;
END
$$;

-- The table of a shard that moved away is dropped later, on the server that it moved away from.
CREATE FUNCTION citus_standin.drop_leftover(relation text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('lock_timeout', '1s', true);
    EXECUTE 'DROP TABLE IF EXISTS ' || relation || ' CASCADE';
    RETURN 'dropped';
END
$$;

-- What cannot be dropped now is tried again later; of a node that is gone nothing is ever dropped, and nothing forgotten.
CREATE FUNCTION citus_standin.drop_leftovers() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    leftover record;
    failed int := 0;
    most bigint := (SELECT count(*) FROM pg_dist_cleanup);
BEGIN
    FOR leftover IN SELECT c.record_id, c.object_name, n.nodename, n.nodeport
                      FROM pg_dist_cleanup c JOIN pg_dist_node n ON n.groupid = c.node_group_id AND n.noderole = 'primary'
                     ORDER BY 1 LOOP
        BEGIN
            PERFORM citus_standin.ask(leftover.nodename, leftover.nodeport,
                format('SELECT citus_standin.drop_leftover(%L)', leftover.object_name));
            DELETE FROM pg_dist_cleanup WHERE record_id = leftover.record_id;
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE = '57014' THEN
                RAISE;
            END IF;
            failed := failed + 1;
        END;
    END LOOP;
    IF failed > 0 THEN
        RAISE WARNING 'failed to clean up % orphaned resources out of %', failed, most;
    END IF;
END
$$;

-- As in Citus, not in a transaction: a procedure commits only outside of one.
CREATE PROCEDURE pg_catalog.citus_cleanup_orphaned_resources() LANGUAGE plpgsql AS $$
BEGIN
    COMMIT;
    PERFORM citus_standin.drop_leftovers();
END
$$;

-- No rows travel: the placement is another's, which makes an empty table for it.
CREATE FUNCTION pg_catalog.citus_move_shard_placement(shard_id bigint, source_node_id int, target_node_id int,
    shard_transfer_mode citus.shard_transfer_mode DEFAULT 'auto') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    source pg_dist_node;
    target pg_dist_node;
    relation regclass;
    relation_name text;
BEGIN
    PERFORM citus_standin.require_coordinator();
    SELECT * INTO source FROM pg_dist_node WHERE nodeid = source_node_id;
    SELECT * INTO target FROM pg_dist_node WHERE nodeid = target_node_id;
    SELECT s.logicalrelid, format('%I.%I', n.nspname, c.relname || '_' || shard_id) INTO relation, relation_name
      FROM pg_dist_shard s JOIN pg_class c ON c.oid = s.logicalrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE s.shardid = shard_id;
    IF relation IS NULL OR NOT EXISTS (SELECT FROM pg_dist_placement p WHERE p.shardid = shard_id AND p.groupid = source.groupid) THEN
        RAISE EXCEPTION 'could not find placement matching "%:%"', source.nodename, source.nodeport
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF shard_transfer_mode = 'auto' THEN
        PERFORM citus_standin.require_identity(relation);
    END IF;
    PERFORM citus_standin.link(target.nodename, target.nodeport);
    IF shard_transfer_mode <> 'block_writes'
       AND citus_standin.ask(source.nodename, source.nodeport, 'SELECT current_setting(''wal_level'')') <> 'logical' THEN
        RAISE EXCEPTION 'logical decoding requires wal_level >= logical' USING ERRCODE = 'XX000';
    END IF;
    PERFORM citus_standin.drop_leftovers();
    IF EXISTS (SELECT FROM pg_dist_cleanup WHERE object_type = 1 AND object_name = relation_name) THEN
        RAISE EXCEPTION 'shard move failed as the orphaned shard % leftover from the previous move could not be cleaned up',
            relation_name USING ERRCODE = 'XX000';
    END IF;
    DELETE FROM pg_dist_placement p WHERE p.shardid = shard_id AND p.groupid = source.groupid;
    INSERT INTO pg_dist_cleanup VALUES (nextval('pg_dist_cleanup_recordid_seq'), nextval('pg_dist_operationid_seq'), 1,
        relation_name, source.groupid, 2);
    PERFORM citus_standin.place(relation, shard_id, target.groupid);
END
$$;

-- What a rebalance moves: everything off the nodes that should have no shards; and unless it only drains, from the fullest
-- to the emptiest until they differ by one at most. Colocated tables are each moved for themselves.
CREATE FUNCTION pg_catalog.get_rebalance_table_shards_plan(relation regclass DEFAULT NULL, threshold float4 DEFAULT NULL,
    max_shard_moves int DEFAULT 1000000, excluded_shard_list bigint[] DEFAULT '{}', drain_only bool DEFAULT false,
    rebalance_strategy name DEFAULT NULL, improvement_threshold float4 DEFAULT NULL)
RETURNS TABLE (table_name regclass, shardid bigint, shard_size bigint, sourcename text, sourceport int, targetname text, targetport int)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    copies int := coalesce(nullif(current_setting('citus.shard_replication_factor', true), '')::int, 1);
    targets int := (SELECT count(*) FROM pg_dist_node WHERE isactive AND shouldhaveshards AND noderole = 'primary');
    shard record;
    carried jsonb;
    moved bigint[] := '{}';
    fullest int;
    emptiest int;
BEGIN
    PERFORM citus_standin.require_coordinator();
    IF NOT EXISTS (SELECT FROM pg_dist_partition WHERE repmodel <> 't') THEN
        RETURN;
    END IF;
    IF targets < copies THEN
        RAISE EXCEPTION 'Shard replication factor (%) cannot be greater than number of nodes with should_have_shards=true (%).',
            copies, targets USING ERRCODE = 'XX000';
    END IF;
    SELECT jsonb_object_agg(n.groupid, (SELECT count(*) FROM pg_dist_placement p JOIN pg_dist_shard s USING (shardid)
                JOIN pg_dist_partition t USING (logicalrelid) WHERE t.repmodel <> 't' AND p.groupid = n.groupid))
      INTO carried FROM pg_dist_node n WHERE n.isactive AND n.shouldhaveshards AND n.noderole = 'primary';
    FOR shard IN SELECT s.logicalrelid, p.shardid, p.groupid, n.nodename, n.nodeport
                   FROM pg_dist_placement p JOIN pg_dist_shard s USING (shardid) JOIN pg_dist_partition t USING (logicalrelid)
                        JOIN pg_dist_node n ON n.groupid = p.groupid
                  WHERE t.repmodel <> 't' AND n.isactive AND n.noderole = 'primary' AND NOT n.shouldhaveshards
                  ORDER BY p.shardid LOOP
        SELECT k::int INTO emptiest FROM jsonb_each_text(carried) AS c(k, v)
         WHERE NOT EXISTS (SELECT FROM pg_dist_placement p WHERE p.shardid = shard.shardid AND p.groupid = k::int)
         ORDER BY v::int, k::int LIMIT 1;
        IF emptiest IS NOT NULL THEN
            carried := jsonb_set(carried, ARRAY[emptiest::text], to_jsonb((carried->>emptiest::text)::int + 1));
            RETURN QUERY SELECT shard.logicalrelid::regclass, shard.shardid, 0::bigint, shard.nodename, shard.nodeport,
                n.nodename, n.nodeport FROM pg_dist_node n WHERE n.groupid = emptiest AND n.noderole = 'primary';
        END IF;
    END LOOP;
    WHILE NOT drain_only LOOP
        SELECT k::int INTO fullest FROM jsonb_each_text(carried) AS c(k, v) ORDER BY v::int DESC, k::int LIMIT 1;
        SELECT k::int INTO emptiest FROM jsonb_each_text(carried) AS c(k, v) ORDER BY v::int, k::int LIMIT 1;
        EXIT WHEN (carried->>fullest::text)::int - (carried->>emptiest::text)::int <= 1;
        SELECT s.logicalrelid, p.shardid, n.nodename, n.nodeport INTO shard
          FROM pg_dist_placement p JOIN pg_dist_shard s USING (shardid) JOIN pg_dist_partition t USING (logicalrelid)
               JOIN pg_dist_node n ON n.groupid = p.groupid AND n.noderole = 'primary'
         WHERE t.repmodel <> 't' AND p.groupid = fullest AND NOT p.shardid = ANY (moved)
           AND NOT EXISTS (SELECT FROM pg_dist_placement q WHERE q.shardid = p.shardid AND q.groupid = emptiest)
         ORDER BY p.shardid LIMIT 1;
        EXIT WHEN NOT FOUND;
        moved := moved || shard.shardid;
        carried := jsonb_set(carried, ARRAY[emptiest::text], to_jsonb((carried->>emptiest::text)::int + 1));
        carried := jsonb_set(carried, ARRAY[fullest::text], to_jsonb((carried->>fullest::text)::int - 1));
        RETURN QUERY SELECT shard.logicalrelid::regclass, shard.shardid, 0::bigint, shard.nodename, shard.nodeport,
            n.nodename, n.nodeport FROM pg_dist_node n WHERE n.groupid = emptiest AND n.noderole = 'primary';
    END LOOP;
END
$$;

CREATE FUNCTION citus_standin.active_job() RETURNS bigint LANGUAGE sql VOLATILE SET search_path = pg_catalog AS $$
    SELECT job_id FROM citus_standin.background_job
     WHERE job_type = 'rebalance' AND state IN ('scheduled', 'running', 'cancelling', 'failing') ORDER BY job_id LIMIT 1
$$;

CREATE FUNCTION pg_catalog.citus_rebalance_start(rebalance_strategy name DEFAULT NULL, drain_only bool DEFAULT false,
    shard_transfer_mode citus.shard_transfer_mode DEFAULT 'auto', parallel_transfer_reference_tables bool DEFAULT false,
    parallel_transfer_colocated_shards bool DEFAULT false) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    job bigint := citus_standin.active_job();
    move record;
    moves int := 0;
BEGIN
    PERFORM citus_standin.require_coordinator();
    IF NOT EXISTS (SELECT FROM pg_dist_partition WHERE repmodel <> 't') THEN
        RAISE NOTICE 'No tables to rebalance';
        RETURN NULL;
    END IF;
    IF job IS NOT NULL THEN
        RAISE EXCEPTION 'A rebalance is already running as job %', job USING ERRCODE = 'XX000',
            DETAIL = 'A rebalance was already scheduled as background job',
            HINT = 'To monitor progress, run: SELECT * FROM citus_rebalance_status();';
    END IF;
    FOR move IN SELECT m.*, s.nodeid AS source, t.nodeid AS target
                  FROM get_rebalance_table_shards_plan(drain_only := $2) m
                       JOIN pg_dist_node s ON s.nodename = m.sourcename AND s.nodeport = m.sourceport
                       JOIN pg_dist_node t ON t.nodename = m.targetname AND t.nodeport = m.targetport LOOP
        IF shard_transfer_mode = 'auto' THEN
            PERFORM citus_standin.require_identity(move.table_name);
        END IF;
        IF moves = 0 THEN
            INSERT INTO citus_standin.background_job (job_type, description)
            VALUES ('rebalance', 'Rebalance all colocation groups') RETURNING job_id INTO job;
        END IF;
        INSERT INTO citus_standin.background_task (job_id, status, command, nodes_involved)
        VALUES (job, CASE WHEN moves = 0 THEN 'runnable' ELSE 'blocked' END::citus_task_status,
            format('SELECT pg_catalog.citus_move_shard_placement(%s,%s,%s,%L)', move.shardid, move.source, move.target, shard_transfer_mode),
            ARRAY[move.source, move.target]);
        moves := moves + 1;
    END LOOP;
    IF moves = 0 THEN
        RAISE NOTICE 'No moves available for rebalancing';
        RETURN NULL;
    END IF;
    RAISE NOTICE 'Scheduled % moves as job %', moves, job USING DETAIL = 'Rebalance scheduled as background job',
        HINT = 'To monitor progress, run: SELECT * FROM citus_rebalance_status();';
    RETURN job;
END
$$;

CREATE FUNCTION pg_catalog.citus_rebalance_stop() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    job bigint := citus_standin.active_job();
BEGIN
    IF job IS NULL THEN
        RAISE EXCEPTION 'no ongoing rebalance that can be stopped' USING ERRCODE = 'XX000';
    END IF;
    UPDATE citus_standin.background_task SET status = 'cancelled' WHERE job_id = job AND status NOT IN ('done', 'error');
    UPDATE citus_standin.background_job SET state = 'cancelled', finished_at = now() WHERE job_id = job;
END
$$;

-- The background worker's turn: one move of the job under way. One that fails is tried again at the next turn, 31 times.
CREATE FUNCTION citus_standin.advance() RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    job bigint := citus_standin.active_job();
    task citus_standin.background_task;
    words text;
BEGIN
    IF job IS NULL OR NOT pg_try_advisory_xact_lock(13, 2) THEN
        RETURN 'idle';
    END IF;
    PERFORM set_config('lock_timeout', '1s', true);
    PERFORM set_config('client_min_messages', 'error', true);
    UPDATE citus_standin.background_job SET state = 'running', started_at = coalesce(started_at, now()) WHERE job_id = job;
    SELECT * INTO task FROM citus_standin.background_task WHERE job_id = job AND status IN ('runnable', 'blocked') ORDER BY task_id LIMIT 1;
    BEGIN
        EXECUTE task.command;
        UPDATE citus_standin.background_task SET status = 'done', message = E'SELECT 1\n' WHERE task_id = task.task_id;
        UPDATE citus_standin.background_task SET status = 'runnable'
         WHERE task_id = (SELECT min(task_id) FROM citus_standin.background_task WHERE job_id = job AND status = 'blocked');
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS words = MESSAGE_TEXT;
        UPDATE citus_standin.background_task SET message = format(E'ERROR: %s\n', words), retry_count = coalesce(retry_count, 0) + 1,
               status = CASE WHEN coalesce(retry_count, 0) > 30 THEN 'error' ELSE 'runnable' END::citus_task_status
         WHERE task_id = task.task_id;
    END;
    IF EXISTS (SELECT FROM citus_standin.background_task WHERE job_id = job AND status = 'error') THEN
        UPDATE citus_standin.background_task SET status = 'unscheduled' WHERE job_id = job AND status IN ('runnable', 'blocked');
        UPDATE citus_standin.background_job SET state = 'failed', finished_at = now() WHERE job_id = job;
    ELSIF NOT EXISTS (SELECT FROM citus_standin.background_task WHERE job_id = job AND status <> 'done') THEN
        UPDATE citus_standin.background_job SET state = 'finished', finished_at = now() WHERE job_id = job;
    END IF;
    RETURN 'moved';
END
$$;

-- Whoever looks at the jobs lets the background worker have its turn first, in a session of its own: what it does stays
-- whatever becomes of the transaction that looks. It has no turn while this transaction itself holds the nodes.
CREATE FUNCTION citus_standin.jobs() RETURNS SETOF citus_standin.background_job
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF citus_standin.active_job() IS NOT NULL AND NOT pg_is_in_recovery() AND NOT EXISTS (
            SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'pg_catalog.pg_dist_node'::regclass
               AND mode IN ('ExclusiveLock', 'RowExclusiveLock')) THEN
        IF citus_standin.try_connect('citus background worker', coalesce(host(inet_server_addr()), 'localhost'),
                current_setting('port')::int) IS NULL THEN
            BEGIN
                PERFORM * FROM citus_standin.dblink('citus background worker', 'SELECT citus_standin.advance()') AS t(v text);
            EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
                NULL;
            END;
            PERFORM citus_standin.dblink_disconnect('citus background worker');
        END IF;
    END IF;
    RETURN QUERY SELECT * FROM citus_standin.background_job;
END
$$;

-- Reads what is committed by now, the turn that the same statement gave the worker included.
CREATE FUNCTION citus_standin.tasks() RETURNS SETOF citus_standin.background_task
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY SELECT * FROM citus_standin.background_task;
END
$$;

CREATE VIEW citus.pg_dist_background_job AS SELECT * FROM citus_standin.jobs();
CREATE VIEW citus.pg_dist_background_task AS SELECT * FROM citus_standin.tasks();
ALTER VIEW citus.pg_dist_background_job SET SCHEMA pg_catalog;
ALTER VIEW citus.pg_dist_background_task SET SCHEMA pg_catalog;
GRANT SELECT ON pg_catalog.pg_dist_background_job, pg_catalog.pg_dist_background_task TO public;

-- A move is made at once, so that none is ever under way when somebody looks.
CREATE FUNCTION pg_catalog.get_rebalance_progress()
RETURNS TABLE (sessionid int, table_name regclass, shardid bigint, shard_size bigint, sourcename text, sourceport int,
    targetname text, targetport int, progress bigint, source_shard_size bigint, target_shard_size bigint, operation_type text,
    source_lsn pg_lsn, target_lsn pg_lsn, status text)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT NULL::int, NULL::regclass, NULL::bigint, NULL::bigint, NULL::text, NULL::int, NULL::text, NULL::int, NULL::bigint,
           NULL::bigint, NULL::bigint, NULL::text, NULL::pg_lsn, NULL::pg_lsn, NULL::text WHERE false
$$;

-- Every shard is empty and has a primary key: one page of index.
CREATE FUNCTION pg_catalog.citus_shard_sizes(OUT shard_id int, OUT size bigint) RETURNS SETOF record
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT p.shardid::int, 8192::bigint FROM pg_dist_placement p ORDER BY 1
$$;

CREATE FUNCTION pg_catalog.citus_rebalance_status(raw bool DEFAULT false)
RETURNS TABLE (job_id bigint, state citus_job_status, job_type name, description text, started_at timestamptz,
    finished_at timestamptz, details jsonb) LANGUAGE sql STRICT AS $$
    SELECT j.job_id, j.state, j.job_type, j.description, j.started_at, j.finished_at, jsonb_build_object(
               'task_state_counts', (SELECT jsonb_object_agg(c.status, c.count)
                   FROM (SELECT status, count(*) FROM pg_catalog.pg_dist_background_task t WHERE t.job_id = j.job_id GROUP BY 1) c),
               'tasks', coalesce((SELECT jsonb_agg(jsonb_build_object('state', t.status, 'retried', coalesce(t.retry_count, 0),
                           'message', t.message, 'command', t.command, 'task_id', t.task_id))
                   FROM pg_catalog.pg_dist_background_task t
                  WHERE t.job_id = j.job_id AND (t.status = 'error' OR t.status = 'runnable' AND t.retry_count > 0)), '[]'))
      FROM pg_catalog.pg_dist_background_job j
     WHERE j.job_type = 'rebalance' ORDER BY j.job_id DESC LIMIT 1
$$;

-- A dropped table leaves the catalogs; its shards go with it on the workers when they hear of it.
CREATE FUNCTION citus_standin.drop_trigger() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    dropped record;
BEGIN
    IF coalesce(current_setting('citus_standin.receiving', true), '') = 'on' OR (SELECT groupid <> 0 FROM pg_dist_local_group) THEN
        RETURN;
    END IF;
    FOR dropped IN SELECT o.objid, o.schema_name, o.object_name, s.shardid, p.groupid
                     FROM pg_event_trigger_dropped_objects() o JOIN pg_dist_shard s ON s.logicalrelid::oid = o.objid
                          LEFT JOIN pg_dist_placement p USING (shardid)
                    WHERE o.object_type = 'table' LOOP
        IF dropped.groupid = 0 THEN
            EXECUTE format('DROP TABLE IF EXISTS %I.%I', dropped.schema_name, dropped.object_name || '_' || dropped.shardid);
        END IF;
        DELETE FROM pg_dist_placement WHERE shardid = dropped.shardid;
        DELETE FROM pg_dist_shard WHERE shardid = dropped.shardid;
        DELETE FROM pg_dist_partition WHERE logicalrelid::oid = dropped.objid;
    END LOOP;
END
$$;
CREATE EVENT TRIGGER citus_standin_drop ON sql_drop EXECUTE FUNCTION citus_standin.drop_trigger();

-- As in Citus, node changes need a grant; asking does not.
REVOKE ALL ON FUNCTION pg_catalog.citus_add_node(text, int, int, noderole, name) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_add_secondary_node(text, int, text, int, name) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_set_coordinator_host(text, int, noderole, name) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_activate_node(text, int) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_disable_node(text, int, bool) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_remove_node(text, int) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_set_node_property(text, int, text, bool) FROM public;
REVOKE ALL ON FUNCTION pg_catalog.citus_update_node(int, text, int, bool, int) FROM public;
-- In Citus everybody may ask; here it takes dblink without a password, which is for superusers.
REVOKE ALL ON FUNCTION pg_catalog.master_run_on_worker(text[], int[], text[], bool) FROM public;
