package io.binnacle.rpc;

/** The status codes of gRPC; {@link #number()} is what stands in {@code grpc-status}. */
public enum Code {
    /** Success. */
    OK(0, "OK"),
    /** The caller gave up. */
    CANCELLED(1, "Canceled"),
    /** An error without a code of its own. */
    UNKNOWN(2, "Unknown"),
    /** The request itself is wrong, whatever the state. */
    INVALID_ARGUMENT(3, "InvalidArgument"),
    /** The time given by the caller is over. */
    DEADLINE_EXCEEDED(4, "DeadlineExceeded"),
    /** What was asked for is not there. */
    NOT_FOUND(5, "NotFound"),
    /** What should be made is there already. */
    ALREADY_EXISTS(6, "AlreadyExists"),
    /** The caller is known and may not. */
    PERMISSION_DENIED(7, "PermissionDenied"),
    /** A quota or a size limit. */
    RESOURCE_EXHAUSTED(8, "ResourceExhausted"),
    /** The state does not allow it. */
    FAILED_PRECONDITION(9, "FailedPrecondition"),
    /** A conflict; trying again from further up may help. */
    ABORTED(10, "Aborted"),
    /** Past the end of what there is. */
    OUT_OF_RANGE(11, "OutOfRange"),
    /** No such method. */
    UNIMPLEMENTED(12, "Unimplemented"),
    /** A broken protocol or a broken invariant. */
    INTERNAL(13, "Internal"),
    /** Not now; trying again may help. */
    UNAVAILABLE(14, "Unavailable"),
    /** Data is lost for good. */
    DATA_LOSS(15, "DataLoss"),
    /** The caller is not known. */
    UNAUTHENTICATED(16, "Unauthenticated");

    private static final Code[] ALL = values();

    private final int number;
    private final String title;

    Code(int number, String title) {
        this.number = number;
        this.title = title;
    }

    /** The code on the wire, 0 to 16. */
    public int number() {
        return number;
    }

    /** The name as metrics and logs of gRPC servers write it, such as {@code InvalidArgument}. */
    public String title() {
        return title;
    }

    /** The code of a number; {@link #UNKNOWN} for one outside 0 to 16. */
    public static Code of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : UNKNOWN;
    }
}
