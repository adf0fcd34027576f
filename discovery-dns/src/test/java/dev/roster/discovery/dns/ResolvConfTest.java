package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResolvConfTest {

    @Test
    void readsServersSearchListAndNdots() {
        ResolvConf read = ResolvConf.parse(List.of(
                "# made by hand",
                "; the old way",
                "nameserver 10.0.0.2",
                "  nameserver\tfd00::53 ",
                "domain old.test",
                "search db.svc.cluster.local. svc.cluster.local",
                "options edns0 ndots:5 timeout:1",
                "sortlist 10.0.0.0",
                ""));

        assertThat(read.servers()).containsExactly(new HostPort("10.0.0.2", 53), new HostPort("fd00::53", 53));
        assertThat(read.search()).containsExactly("db.svc.cluster.local", "svc.cluster.local");
        assertThat(read.ndots()).isEqualTo(5);
    }

    @Test
    void withoutServersTheLocalMachineIsAsked() throws IOException {
        ResolvConf read = ResolvConf.read(Path.of("/nonexistent/resolv.conf"));

        assertThat(read.servers()).containsExactly(new HostPort("127.0.0.1", 53));
        assertThat(read.search()).isEmpty();
        assertThat(read.ndots()).isEqualTo(1);
    }

    @Test
    void aNameWithEnoughDotsIsTriedAsItIsFirstAndAnyOtherLast() {
        ResolvConf kubernetes = new ResolvConf(List.of(), List.of("db.svc.cluster.local", "cluster.local"), 2);

        assertThat(candidates("worker1", kubernetes))
                .containsExactly("worker1.db.svc.cluster.local", "worker1.cluster.local", "worker1");
        assertThat(candidates("w1.workers", kubernetes))
                .containsExactly("w1.workers.db.svc.cluster.local", "w1.workers.cluster.local", "w1.workers");
        assertThat(candidates("w1.workers.db", kubernetes))
                .containsExactly("w1.workers.db", "w1.workers.db.db.svc.cluster.local", "w1.workers.db.cluster.local");
        assertThat(candidates("w1.workers.db.", kubernetes)).containsExactly("w1.workers.db");
    }

    private static List<String> candidates(String pattern, ResolvConf resolvConf) {
        return SoughtNames.of(Sources.settings(Map.of("patterns", pattern)), resolvConf)
                .names()
                .getFirst()
                .candidates();
    }
}
