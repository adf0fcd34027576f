package dev.roster.testkit.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A record of an answer.
 *
 * @param owner whose
 * @param type the record type
 * @param data its content as it goes over the wire
 */
public record DnsRecord(String owner, int type, List<Byte> data) {

    static final int A = 1;
    static final int AAAA = 28;
    private static final int CNAME = 5;
    private static final int SRV = 33;
    static final int IN = 1;
    private static final int RESPONSE_AUTHORITATIVE = 0x8580;
    private static final int TRUNCATED = 0x0200;

    public DnsRecord {
        data = List.copyOf(data);
    }

    /** A or AAAA, as the address is. */
    public static DnsRecord address(String owner, String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return new DnsRecord(owner, bytes.length == 4 ? A : AAAA, boxed(bytes));
    }

    /** CNAME. */
    public static DnsRecord alias(String owner, String target) {
        return new DnsRecord(owner, CNAME, boxed(written(out -> name(out, target))));
    }

    /** SRV. */
    public static DnsRecord service(String owner, String target, int port) {
        return new DnsRecord(owner, SRV, boxed(written(out -> {
            out.writeShort(0);
            out.writeShort(10);
            out.writeShort(port);
            name(out, target);
        })));
    }

    /** A whole message, without the records that do not fit, and then marked as cut off. */
    static byte[] message(DnsQuestion question, ScriptedDnsServer.Reply reply, int most) {
        List<DnsRecord> fitting = new ArrayList<>(reply.records());
        byte[] whole = message(question, reply.code(), fitting, reply.cutOff());
        while (whole.length > most) {
            fitting.removeLast();
            whole = message(question, reply.code(), fitting, true);
        }
        return whole;
    }

    private static byte[] message(DnsQuestion question, int code, List<DnsRecord> records, boolean cutOff) {
        return written(out -> {
            out.writeShort(question.id());
            out.writeShort(RESPONSE_AUTHORITATIVE | (cutOff ? TRUNCATED : 0) | code);
            out.writeShort(1);
            out.writeShort(records.size());
            out.writeInt(0);
            name(out, question.name());
            out.writeShort(question.type());
            out.writeShort(IN);
            for (DnsRecord record : records) {
                name(out, record.owner());
                out.writeShort(record.type());
                out.writeShort(IN);
                out.writeInt(0);
                out.writeShort(record.data().size());
                for (byte part : record.data()) {
                    out.writeByte(part);
                }
            }
        });
    }

    static void name(DataOutputStream out, String name) throws IOException {
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()) {
                break;
            }
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            out.writeByte(bytes.length);
            out.write(bytes);
        }
        out.writeByte(0);
    }

    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    static byte[] written(Writing writing) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(bytes)) {
            writing.to(out);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> boxed = new ArrayList<>(bytes.length);
        for (byte part : bytes) {
            boxed.add(part);
        }
        return boxed;
    }
}
