package dev.roster.testkit.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * A question as it arrived (RFC 1035 section 4.1.2).
 *
 * @param id the number of its message
 * @param name the name, spelled as asked, without a trailing dot
 * @param type the record type: 1 A, 28 AAAA, 33 SRV
 */
public record DnsQuestion(int id, String name, int type) {

    private static final int HEADER = 12;

    /** A whole message that asks for one name, recursion desired. */
    static byte[] message(int id, String name, int type) {
        return DnsRecord.written(out -> {
            out.writeShort(id);
            out.writeShort(0x0100);
            out.writeShort(1);
            out.writeShort(0);
            out.writeInt(0);
            DnsRecord.name(out, name);
            out.writeShort(type);
            out.writeShort(DnsRecord.IN);
        });
    }

    static DnsQuestion read(byte[] message, int length) throws IOException {
        if (length < HEADER + 5) {
            throw new IOException("a message of " + length + " bytes has no question");
        }
        ByteBuffer in = ByteBuffer.wrap(message, 0, length);
        int id = in.getShort() & 0xffff;
        in.position(HEADER);
        StringJoiner name = new StringJoiner(".");
        for (int label = in.get(); label > 0; label = in.get()) {
            byte[] bytes = new byte[label];
            in.get(bytes);
            name.add(new String(bytes, StandardCharsets.US_ASCII));
        }
        return new DnsQuestion(id, name.toString(), in.getShort());
    }

    /** Whether it asks for IPv4 addresses. */
    public boolean isA() {
        return type == DnsRecord.A;
    }

    /** Whether it asks for IPv6 addresses. */
    public boolean isAaaa() {
        return type == DnsRecord.AAAA;
    }
}
