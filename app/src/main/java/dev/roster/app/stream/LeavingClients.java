package dev.roster.app.stream;

import io.netty.handler.codec.http2.Http2Exception;
import io.quarkus.logging.LoggingFilter;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of the log that a client of the stream left: Quarkus tells it as an error with a stack trace each time, and it is none.
 * Whatever else goes wrong with a stream is told.
 */
@LoggingFilter(name = "leaving-clients")
public final class LeavingClients implements Filter {

    private static final String TELLER = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

    @Override
    public boolean isLoggable(LogRecord record) {
        return !(TELLER.equals(record.getLoggerName()) && isOfAClosedConnection(record.getThrown()));
    }

    /** Over HTTP/1.1 the connection is closed, over HTTP/2 one of its streams. */
    private static boolean isOfAClosedConnection(@Nullable Throwable thrown) {
        return thrown instanceof IOException
                || thrown instanceof HttpClosedException
                || thrown instanceof StreamResetException
                || thrown instanceof Http2Exception.StreamException;
    }
}
