package dev.roster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client that inserts the same rising number into several tables, one after the other, until it is ended or refused. Owns
 * its thread.
 */
final class DrainWriter {

    private final CatalogStage stage;
    private final long first;
    private final List<String> tables;
    private volatile boolean over;

    private DrainWriter(CatalogStage stage, long first, List<String> tables) {
        this.stage = stage;
        this.first = first;
        this.tables = tables;
    }

    /**
     * What it wrote.
     *
     * @param acknowledged how many numbers every table acknowledged, from the first on without a gap
     * @param failures what the database refused
     */
    record Written(long acknowledged, List<String> failures) {}

    /** A writer at work. */
    record Running(DrainWriter writer, CompletableFuture<Written> written) {

        /** Ends it after the number it is at. */
        Written end() {
            writer.over = true;
            return written.join();
        }
    }

    static Running start(CatalogStage stage, long first, String... tables) {
        DrainWriter writer = new DrainWriter(stage, first, List.of(tables));
        CompletableFuture<Written> written = new CompletableFuture<>();
        Thread.ofPlatform().name("writer").daemon().start(() -> written.complete(writer.write()));
        return new Running(writer, written);
    }

    private Written write() {
        List<String> failures = new ArrayList<>();
        long number = first;
        while (!over && failures.isEmpty()) {
            List<String> inserts = new ArrayList<>();
            for (String table : tables) {
                inserts.add("INSERT INTO public." + table + " VALUES (" + number + ")");
            }
            try {
                stage.execute(stage.coordinator(), inserts);
                number++;
            } catch (RuntimeException e) {
                failures.add(String.valueOf(e));
            }
        }
        return new Written(number - first, failures);
    }
}
