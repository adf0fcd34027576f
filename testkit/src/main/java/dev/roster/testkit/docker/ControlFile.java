package dev.roster.testkit.docker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * The beginning of {@code global/pg_control}: {@code system_identifier} first, and after all fields their CRC-32C. Where
 * the fields end differs between versions, so it is found as the place whose checksum is right (PostgreSQL source,
 * {@code pg_control.h}).
 */
final class ControlFile {

    private static final int SMALLEST = 200;

    private ControlFile() {}

    /**
     * The fields of another server's file with a new identifier and the checksum that goes with it, in base 64.
     *
     * @param file the whole file
     */
    static String ofNewServer(byte[] file) {
        ByteBuffer fields = ByteBuffer.wrap(Arrays.copyOf(file, endOfFields(file) + Integer.BYTES))
                .order(ByteOrder.nativeOrder());
        // Positive, as initdb makes it from the time of day.
        fields.putLong(0, ThreadLocalRandom.current().nextLong(1L << 62, Long.MAX_VALUE));
        int end = fields.capacity() - Integer.BYTES;
        fields.putInt(end, checksum(fields.array(), end));
        return Base64.getEncoder().encodeToString(fields.array());
    }

    private static int endOfFields(byte[] file) {
        ByteBuffer fields = ByteBuffer.wrap(file).order(ByteOrder.nativeOrder());
        for (int end = SMALLEST; end + Integer.BYTES <= file.length; end += Integer.BYTES) {
            if (fields.getInt(end) == checksum(file, end)) {
                return end;
            }
        }
        throw new IllegalArgumentException("no checksum in " + file.length + " bytes: not a pg_control");
    }

    private static int checksum(byte[] bytes, int end) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, end);
        return (int) checksum.getValue();
    }
}
