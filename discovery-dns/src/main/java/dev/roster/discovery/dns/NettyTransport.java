package dev.roster.discovery.dns;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Netty's resolver, used for single queries only: {@code query()} shows response codes and truncation, which its
 * {@code resolveAll()} and Vert.x' client hide. Its caches, its search list and its hosts file are switched off. It owns one
 * thread, {@code dns-lookups}, which also decodes and releases every response.
 */
final class NettyTransport implements Transport {

    private static final Duration LONGEST_CLOSE = Duration.ofMillis(700);

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final EventLoopGroup loop = new NioEventLoopGroup(1, this::newThread);
    private final DnsNameResolver resolver;
    private final Duration timeout;

    NettyTransport(Duration timeout) {
        this.timeout = timeout;
        this.resolver = new DnsNameResolverBuilder(loop.next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(timeout.toMillis())
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .hostsFileEntriesResolver((_, _) -> null)
                .searchDomains(List.of())
                // As the C library asks: every server understands a question without EDNS, and long answers come over
                // TCP.
                .optResourceEnabled(false)
                .build();
    }

    @Override
    public Response ask(InetSocketAddress server, Question question) throws InterruptedException {
        CompletableFuture<Response> response = new CompletableFuture<>();
        try {
            resolver.query(server, new DefaultDnsQuestion(question.name() + ".", type(question)))
                    .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) ->
                            response.complete(read(done)));
            return response.get(2 * timeout.toMillis() + 100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return silence();
        } catch (ExecutionException | RuntimeException e) {
            return new Response.None(Failures.words(e));
        }
    }

    private Response read(Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> done) {
        if (!done.isSuccess()) {
            return failure(done.cause());
        }
        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = done.getNow();
        try {
            return Decoding.message(envelope.content());
        } catch (RuntimeException e) {
            return new Response.None("an answer that cannot be read (" + Failures.words(e) + ")");
        } finally {
            envelope.release();
        }
    }

    private Response.None failure(Throwable cause) {
        if (cause instanceof DnsNameResolverTimeoutException || DnsNameResolver.isTimeoutError(cause)) {
            return silence();
        }
        // The resolver's own message has the number of the query in it, which would make every failure look like news.
        return new Response.None(
                cause instanceof DnsNameResolverException && cause.getCause() == null
                        ? "no usable answer"
                        : Failures.words(cause));
    }

    private Response.None silence() {
        return new Response.None("no answer within " + Failures.words(timeout));
    }

    private static DnsRecordType type(Question question) {
        return switch (question.type()) {
            case A -> DnsRecordType.A;
            case AAAA -> DnsRecordType.AAAA;
            case SRV -> DnsRecordType.SRV;
        };
    }

    private Thread newThread(Runnable work) {
        Thread thread = new FastThreadLocalThread(work, "dns-lookups");
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    @Override
    public void close() {
        resolver.close();
        loop.shutdownGracefully(0, LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LONGEST_CLOSE.toMillis());
        // The loop tells its end a moment before its thread ends.
        boolean interrupted = Thread.interrupted();
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofMillis(200));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
