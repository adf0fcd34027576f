package dev.roster.app.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LeavingClientsTest {

    private static final String STREAMS = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

    private final LeavingClients filter = new LeavingClients();

    @Test
    void aConnectionThatWasClosedIsNotTold() {
        assertThat(filter.isLoggable(told(STREAMS, new IOException("Connection reset by peer"))))
                .isFalse();
        assertThat(filter.isLoggable(told(STREAMS, new ClosedChannelException())))
                .isFalse();
        assertThat(filter.isLoggable(told(STREAMS, new HttpClosedException("Connection was closed"))))
                .isFalse();
        assertThat(filter.isLoggable(told(STREAMS, Http2Exception.streamError(3, Http2Error.STREAM_CLOSED, "closed"))))
                .isFalse();
    }

    @Test
    void everythingElseIsTold() {
        assertThat(filter.isLoggable(told(STREAMS, new IllegalStateException("a view cannot be written"))))
                .isTrue();
        assertThat(filter.isLoggable(told("dev.roster.app", new IOException("disk full"))))
                .isTrue();
        assertThat(filter.isLoggable(new LogRecord(Level.SEVERE, "no cause"))).isTrue();
    }

    private static LogRecord told(String logger, Exception thrown) {
        LogRecord told = new LogRecord(Level.SEVERE, "Exception in SSE server handling");
        told.setLoggerName(logger);
        told.setThrown(thrown);
        return told;
    }
}
