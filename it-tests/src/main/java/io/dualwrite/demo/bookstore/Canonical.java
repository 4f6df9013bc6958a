package io.dualwrite.demo.bookstore;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One spelling for each value, whatever the vendor's driver makes of it, so that values can be compared as text. */
public final class Canonical {
    private static final int LONGEST = 120;

    private Canonical() {}

    /**
     * The value as text without tab or line break; bytes and long texts are given by length and checksum.
     *
     * @throws SQLException if a LOB cannot be read
     */
    public static String text(@Nullable Object value) throws SQLException {
        if (value == null) {
            return "NULL";
        } else if (value instanceof Boolean truth) {
            return truth ? "1" : "0";
        } else if (value instanceof BigDecimal number) {
            return plain(number);
        } else if (value instanceof Number number) {
            return plain(new BigDecimal(number.toString()));
        } else if (value instanceof Timestamp time) {
            return time.toLocalDateTime().toString();
        } else if (value instanceof LocalDateTime time) {
            return time.toString();
        } else if (value instanceof byte[] bytes) {
            return digest(bytes);
        } else if (value instanceof Blob blob) {
            return digest(blob.getBytes(1, (int) blob.length()));
        } else if (value instanceof Clob clob) {
            return ofString(clob.getSubString(1, (int) clob.length()));
        }
        return ofString(value.toString());
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String ofString(String text) {
        if (text.length() > LONGEST || text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0) {
            return digest(text.getBytes(StandardCharsets.UTF_8));
        }
        return text;
    }

    private static String digest(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return bytes.length + " bytes, crc " + Long.toHexString(crc.getValue());
    }
}
