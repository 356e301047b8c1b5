package io.binnacle.server.boot;

import io.binnacle.server.boot.FlagValue.Invalid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and durations in the notations of Go's {@code strconv} and {@code time} packages. */
final class GoNumbers {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(0[xX](_?[0-9a-fA-F])+|0[oO]?(_?[0-7])+|0[bB](_?[01])+|[1-9](_?[0-9])*|0)");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d*\\.?\\d*)(ns|us|µs|μs|ms|s|m|h)");
    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final Map<String, Long> NANOS = new LinkedHashMap<>();

    static {
        NANOS.put("ns", 1L);
        NANOS.put("us", 1_000L);
        NANOS.put("µs", 1_000L);
        NANOS.put("μs", 1_000L);
        NANOS.put("ms", 1_000_000L);
        NANOS.put("s", 1_000_000_000L);
        NANOS.put("m", 60_000_000_000L);
        NANOS.put("h", 3_600_000_000_000L);
    }

    private GoNumbers() {}

    static long signed(String word) throws Invalid {
        BigInteger number = number(word);
        if (number.bitLength() > 63) throw new Invalid("value out of range");
        return number.longValue();
    }

    static long unsigned(String word) throws Invalid {
        if (word.startsWith("-") || word.startsWith("+")) throw new Invalid("parse error");
        BigInteger number = number(word);
        if (number.compareTo(UNSIGNED_MAX) > 0) throw new Invalid("value out of range");
        return number.bitLength() > 63 ? Long.MAX_VALUE : number.longValue();
    }

    static long unsigned32(String word) throws Invalid {
        String reason = "strconv.ParseUint: parsing \"" + word + "\": ";
        if (!NUMBER.matcher(word).matches() || word.startsWith("-") || word.startsWith("+")) {
            throw new Invalid(reason + "invalid syntax");
        }
        BigInteger number = number(word);
        if (number.bitLength() > 32) throw new Invalid(reason + "value out of range");
        return number.longValue();
    }

    /** Nanoseconds of such as {@code 1h30m}, {@code 1.5s}, {@code 300ms} or a bare {@code 0}. */
    static long durationNanos(String word) throws Invalid {
        String rest = word.startsWith("-") || word.startsWith("+") ? word.substring(1) : word;
        if (rest.equals("0")) return 0;
        if (rest.isEmpty()) throw new Invalid("parse error");
        Matcher part = DURATION_PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            if (!part.find(at) || part.start() != at) throw new Invalid("parse error");
            String digits = part.group(1);
            if (digits.isEmpty() || digits.equals(".")) throw new Invalid("parse error");
            nanos = nanos.add(new BigDecimal(digits.endsWith(".") ? digits + "0" : digits)
                    .multiply(BigDecimal.valueOf(NANOS.getOrDefault(part.group(2), 1L))));
            at = part.end();
        }
        BigInteger whole = nanos.toBigInteger();
        if (whole.bitLength() > 63) throw new Invalid("parse error");
        return word.startsWith("-") ? -whole.longValue() : whole.longValue();
    }

    /** A duration as Go prints it: {@code 1h0m0s}, {@code 1.5s}, {@code 100ms}. */
    static String duration(long nanos) {
        if (nanos == 0) return "0s";
        String sign = nanos < 0 ? "-" : "";
        long left = Math.abs(nanos);
        if (left < 1_000) return sign + left + "ns";
        if (left < 1_000_000) return sign + decimal(left, 1_000) + "µs";
        if (left < 1_000_000_000) return sign + decimal(left, 1_000_000) + "ms";
        long hours = left / 3_600_000_000_000L;
        long minutes = left / 60_000_000_000L % 60;
        StringBuilder text = new StringBuilder(sign);
        if (hours > 0) text.append(hours).append('h');
        if (hours > 0 || minutes > 0) text.append(minutes).append('m');
        return text.append(decimal(left % 60_000_000_000L, 1_000_000_000)).append('s').toString();
    }

    private static String decimal(long value, long unit) {
        return BigDecimal.valueOf(value).divide(BigDecimal.valueOf(unit)).stripTrailingZeros().toPlainString();
    }

    private static BigInteger number(String word) throws Invalid {
        if (!NUMBER.matcher(word).matches()) throw new Invalid("parse error");
        boolean negative = word.startsWith("-");
        String digits = word.replace("_", "").replaceFirst("^[+-]", "").toLowerCase(java.util.Locale.ROOT);
        BigInteger number;
        if (digits.startsWith("0x")) number = new BigInteger(digits.substring(2), 16);
        else if (digits.startsWith("0b")) number = new BigInteger(digits.substring(2), 2);
        else if (digits.startsWith("0o")) number = new BigInteger(digits.substring(2), 8);
        else if (digits.length() > 1 && digits.startsWith("0")) number = new BigInteger(digits, 8);
        else number = new BigInteger(digits);
        return negative ? number.negate() : number;
    }
}
