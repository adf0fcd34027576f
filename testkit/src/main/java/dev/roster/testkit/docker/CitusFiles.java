package dev.roster.testkit.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Path;
import java.util.List;

/**
 * What a container needs of this machine to run PostgreSQL with Citus.
 *
 * @param real whether it is the real Citus; otherwise the stand-in, which has no rows in its shards
 * @param bin where {@code postgres} is, in the container as on the machine
 * @param binds the mounts
 * @param libraries the value of {@code dynamic_library_path}
 * @param settings lines for {@code postgresql.conf}
 */
record CitusFiles(boolean real, Path bin, List<Bind> binds, String libraries, String settings) {

    static CitusFiles ofThisMachine() {
        return Found.FILES;
    }

    private static CitusFiles find() {
        HostPostgres postgres = HostPostgres.find().orElseThrow();
        List<Bind> usr = List.of(new Bind("/usr", new Volume("/usr"), AccessMode.ro));
        return new CitusFiles(
                true,
                postgres.bin(),
                usr,
                "$libdir",
                "citus.enable_statistics_collection = off\ncitus.recover_2pc_interval = 5s");
    }

    private static final class Found {
        static final CitusFiles FILES = find();
    }
}
