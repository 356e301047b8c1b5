package io.binnacle.rpc.netty;

import java.util.concurrent.TimeUnit;

/** The header {@code grpc-timeout}: up to eight digits and a unit. Errors are worded as clients of etcd know them. */
final class GrpcTimeout {

    /** The header is malformed; the message is what stands behind {@code malformed grpc-timeout: }. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private GrpcTimeout() {}

    /** The time in nanoseconds, 0 or more; {@link Long#MAX_VALUE} if it does not fit. */
    static long parseNanos(CharSequence text) throws Malformed {
        int length = text.length();
        if (length < 2) throw new Malformed("transport: timeout string is too short: " + GoText.quote(text));
        if (length > 9) throw new Malformed("transport: timeout string is too long: " + GoText.quote(text));
        TimeUnit unit = switch (text.charAt(length - 1)) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> throw new Malformed("transport: timeout unit is not recognized: " + GoText.quote(text));
        };
        long amount = 0;
        for (int at = 0; at < length - 1; at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9') {
                throw new Malformed("strconv.ParseUint: parsing "
                        + GoText.quote(text.subSequence(0, length - 1)) + ": invalid syntax");
            }
            amount = 10 * amount + (digit - '0');
        }
        return unit.toNanos(amount); // saturates
    }
}
