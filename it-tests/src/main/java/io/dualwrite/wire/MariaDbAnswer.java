package io.dualwrite.wire;

/** Follows the packets with which MariaDB answers one command, up to the last. Not thread-safe. */
final class MariaDbAnswer {
    private static final int PREPARE = 0x16;
    private static final int EXECUTE = 0x17;
    private static final int FETCH = 0x1c;
    private static final int STATISTICS = 0x09;
    private static final int MORE_RESULTS = 8;

    private enum State {
        FIRST,
        DEFINITIONS,
        ROWS
    }

    private final int command;
    private final boolean endsDefinitions;
    private final boolean mayOmitDefinitions;
    private State state;
    private boolean rowsFollow;
    private int definitions;

    /**
     * The answer to a command.
     *
     * @param command the command's number
     * @param endsDefinitions whether a packet of its own stands after definitions of columns
     * @param mayOmitDefinitions whether the server may leave out definitions that the client knows
     */
    MariaDbAnswer(int command, boolean endsDefinitions, boolean mayOmitDefinitions) {
        this.command = command;
        this.endsDefinitions = endsDefinitions;
        this.mayOmitDefinitions = mayOmitDefinitions;
        this.state = command == FETCH ? State.ROWS : State.FIRST;
    }

    /** Takes the next packet; true if it is the last. */
    boolean ends(byte[] payload) {
        return switch (state) {
            case FIRST -> first(payload);
            case DEFINITIONS -> definition();
            case ROWS -> row(payload);
        };
    }

    private boolean first(byte[] payload) {
        int head = payload[0] & 255;
        if (head == 0xff || head == 0xfb || command == STATISTICS) {
            return true;
        }
        if (head == 0) {
            return command == PREPARE ? prepared(payload) : !moreResults(payload, status(payload));
        }
        rowsFollow = true;
        long columns = number(payload, 0);
        int after = width(payload, 0);
        if (mayOmitDefinitions && command == EXECUTE && payload.length > after && payload[after] == 0) {
            columns = 0;
        }
        return expect((int) columns + (endsDefinitions ? 1 : 0));
    }

    private boolean prepared(byte[] payload) {
        int columns = twoBytes(payload, 5);
        int parameters = twoBytes(payload, 7);
        int ends = endsDefinitions ? Math.min(columns, 1) + Math.min(parameters, 1) : 0;
        rowsFollow = false;
        return expect(columns + parameters + ends);
    }

    private boolean expect(int count) {
        definitions = count;
        state = count > 0 ? State.DEFINITIONS : State.ROWS;
        return count == 0 && !rowsFollow;
    }

    private boolean definition() {
        definitions--;
        if (definitions > 0) {
            return false;
        }
        state = State.ROWS;
        return !rowsFollow;
    }

    private boolean row(byte[] payload) {
        int head = payload[0] & 255;
        if (head == 0xff) {
            return true;
        }
        if (head != 0xfe || payload.length >= (endsDefinitions ? 9 : 0xffffff)) {
            return false;
        }
        return !moreResults(payload, endsDefinitions ? 3 : status(payload));
    }

    private boolean moreResults(byte[] payload, int statusAt) {
        boolean more = (twoBytes(payload, statusAt) & MORE_RESULTS) != 0;
        if (more) {
            state = State.FIRST;
        }
        return more;
    }

    /** Where an OK packet has the status: after two numbers of varying width. */
    private static int status(byte[] payload) {
        int second = 1 + width(payload, 1);
        return second + width(payload, second);
    }

    static int twoBytes(byte[] payload, int at) {
        return (payload[at] & 255) | (payload[at + 1] & 255) << 8;
    }

    private static long number(byte[] payload, int at) {
        int head = payload[at] & 255;
        return head < 0xfb ? head : twoBytes(payload, at + 1);
    }

    private static int width(byte[] payload, int at) {
        return switch (payload[at] & 255) {
            case 0xfc -> 3;
            case 0xfd -> 4;
            case 0xfe -> 9;
            default -> 1;
        };
    }
}
