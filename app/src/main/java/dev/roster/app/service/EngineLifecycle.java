package dev.roster.app.service;

import dev.roster.app.engine.ReadyFile;
import dev.roster.app.engine.ReadyFileUnwritable;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.engine.Version;
import dev.roster.app.stream.LiveFeed;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the engine with the application and ends it before anything it stands on. */
@ApplicationScoped
class EngineLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EngineLifecycle.class);

    void start(@Observes StartupEvent event, RosterEngine engine) throws ReadyFileUnwritable {
        Optional<Path> readyFile = engine.settings().readyFile();
        if (readyFile.isPresent()) {
            ReadyFile.prepare(readyFile.get());
        }
        LOG.info("Roster {} starts: {}", Version.NUMBER, engine.settings());
        engine.start();
    }

    /** Before HTTP ends, so that whoever listens reads an end and not a cut. */
    void endStreams(@Observes ShutdownDelayInitiatedEvent event, LiveFeed feed) {
        feed.close();
    }

    void end(@Observes ShutdownEvent event, RosterEngine engine, LiveFeed feed) {
        feed.close();
        engine.close();
        LOG.info("Roster has ended");
    }
}
