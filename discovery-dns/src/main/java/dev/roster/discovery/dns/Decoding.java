package dev.roster.discovery.dns;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the answer section of a message into records of our own; other types than those asked for are left out. */
final class Decoding {

    private Decoding() {}

    static Response.Message message(DnsResponse response) {
        List<Response.Entry> entries = new ArrayList<>();
        for (int at = 0; at < response.count(DnsSection.ANSWER); at++) {
            if (response.recordAt(DnsSection.ANSWER, at) instanceof DnsRawRecord raw) {
                entry(raw).ifPresent(entries::add);
            }
        }
        return new Response.Message(response.code().intValue(), response.isTruncated(), entries);
    }

    private static Optional<Response.Entry> entry(DnsRawRecord raw) {
        String owner = DomainName.withoutTrailingDot(raw.name());
        ByteBuf content = raw.content().duplicate();
        if (raw.type().equals(DnsRecordType.A) || raw.type().equals(DnsRecordType.AAAA)) {
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            return Optional.of(new Response.Address(owner, address(bytes)));
        }
        if (raw.type().equals(DnsRecordType.CNAME)) {
            return Optional.of(new Response.Alias(owner, name(content)));
        }
        if (raw.type().equals(DnsRecordType.SRV)) {
            content.skipBytes(4);
            int port = content.readUnsignedShort();
            return Optional.of(new Response.Service(owner, name(content), port));
        }
        return Optional.empty();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }

    private static String name(ByteBuf content) {
        return DomainName.withoutTrailingDot(DefaultDnsRecordDecoder.decodeName(content));
    }
}
