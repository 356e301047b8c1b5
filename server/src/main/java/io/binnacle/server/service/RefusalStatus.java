package io.binnacle.server.service;

import io.binnacle.rpc.Code;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.Refusal;
import java.util.EnumMap;
import java.util.Map;

/**
 * The code and text of each refusal. Clients compare the texts, so they are API (shared contract:
 * conformance/errors.tsv); they are known here and nowhere else.
 */
public final class RefusalStatus {

    private static final Map<Refusal, Status> BY_REFUSAL = new EnumMap<>(Refusal.class);

    static {
        for (Refusal refusal : Refusal.values()) BY_REFUSAL.put(refusal, make(refusal));
    }

    private RefusalStatus() {}

    /** What a client is told. */
    public static Status of(Refusal why) {
        Status status = BY_REFUSAL.get(why);
        if (status == null) throw new IllegalStateException("no status for " + why);
        return status;
    }

    private static Status make(Refusal why) {
        return switch (why) { // no default: a new refusal must not compile until it is mapped
            case EMPTY_KEY -> invalid("etcdserver: key is not provided");
            case KEY_NOT_FOUND -> invalid("etcdserver: key not found");
            case VALUE_PROVIDED -> invalid("etcdserver: value is provided");
            case LEASE_PROVIDED -> invalid("etcdserver: lease is provided");
            case TOO_MANY_OPERATIONS -> invalid("etcdserver: too many operations in txn request");
            case DUPLICATE_KEY -> invalid("etcdserver: duplicate key given in txn request");
            case INVALID_SORT_OPTION -> invalid("etcdserver: invalid sort option");
            case COMPACTED -> status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted");
            case FUTURE_REVISION -> status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision");
            case NO_SPACE -> status(Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded");
            case CORRUPT -> status(Code.DATA_LOSS, "etcdserver: corrupt cluster");
            case LEASE_NOT_FOUND -> status(Code.NOT_FOUND, "etcdserver: requested lease not found");
            case LEASE_EXISTS -> precondition("etcdserver: lease already exists");
            case LEASE_TTL_TOO_LARGE -> status(Code.OUT_OF_RANGE, "etcdserver: too large lease TTL");
            case REQUEST_TOO_LARGE -> invalid("etcdserver: request is too large");
            case TOO_MANY_REQUESTS -> unknown("etcdserver: too many requests");
            case ROOT_USER_MISSING -> precondition("etcdserver: root user does not exist");
            case ROOT_ROLE_MISSING -> precondition("etcdserver: root user does not have root role");
            case USER_EXISTS -> precondition("etcdserver: user name already exists");
            case USER_EMPTY -> invalid("etcdserver: user name is empty");
            case USER_NOT_FOUND -> precondition("etcdserver: user name not found");
            case ROLE_EXISTS -> precondition("etcdserver: role name already exists");
            case ROLE_NOT_FOUND -> precondition("etcdserver: role name not found");
            case ROLE_EMPTY -> invalid("etcdserver: role name is empty");
            case PERMISSION_NOT_GIVEN -> invalid("etcdserver: permission not given");
            case PERMISSION_DENIED -> status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
            case ROLE_NOT_GRANTED -> precondition("etcdserver: role is not granted to the user");
            case PERMISSION_NOT_GRANTED -> precondition("etcdserver: permission is not granted to the role");
            case AUTHENTICATION_FAILED -> invalid("etcdserver: authentication failed, invalid user ID or password");
            case AUTH_NOT_ENABLED -> precondition("etcdserver: authentication is not enabled");
            case INVALID_AUTH_TOKEN -> status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
            case INVALID_AUTH_MANAGEMENT -> invalid("etcdserver: invalid auth management");
            case AUTH_OLD_REVISION -> invalid("etcdserver: revision of auth store is old");
            case NO_PASSWORD_USER -> unknown("auth: authentication failed, password was given for no password user");
            case INVALID_CLIENT_API_VERSION -> invalid("etcdserver: invalid client api version");
            case NO_LEADER -> unavailable("etcdserver: no leader");
            case NOT_LEADER -> precondition("etcdserver: not leader");
            case LEADER_CHANGED -> unavailable("etcdserver: leader changed");
            case STOPPED -> unavailable("etcdserver: server stopped");
            case TIMEOUT -> unavailable("etcdserver: request timed out");
            case TIMEOUT_LEADER_FAIL ->
                    unavailable("etcdserver: request timed out, possibly due to previous leader failure");
            case TIMEOUT_CONNECTION_LOST -> unavailable("etcdserver: request timed out, possibly due to connection lost");
            case TIMEOUT_WAIT_APPLIED ->
                    unavailable("etcdserver: request timed out, waiting for the applied index took too long");
            case DEADLINE_EXCEEDED -> status(Code.DEADLINE_EXCEEDED, "context deadline exceeded");
            case CANCELED -> status(Code.CANCELLED, "etcdserver: request canceled");
            case BAD_LEADER_TRANSFEREE -> precondition("etcdserver: bad leader transferee");
            case WRONG_DOWNGRADE_VERSION_FORMAT -> invalid("etcdserver: wrong downgrade target version format");
            case INVALID_DOWNGRADE_TARGET -> invalid("etcdserver: invalid downgrade target version");
            case CLUSTER_VERSION_UNAVAILABLE -> precondition("etcdserver: cluster version not found during downgrade");
            case DOWNGRADE_IN_PROCESS -> precondition("etcdserver: cluster has a downgrade job in progress");
            case UNKNOWN_METHOD -> unknown("etcdserver: unknown method");
            case MEMBER_EXISTS -> precondition("etcdserver: member ID already exist");
            case MEMBER_NOT_FOUND -> status(Code.NOT_FOUND, "etcdserver: member not found");
            case PEER_URL_EXISTS -> precondition("etcdserver: Peer URLs already exists");
            case MEMBER_NOT_LEARNER -> precondition("etcdserver: can only promote a learner member");
            case TOO_MANY_LEARNERS -> precondition("etcdserver: too many learner members in cluster");
        };
    }

    private static Status status(Code code, String text) {
        return new Status(code, text);
    }

    private static Status invalid(String text) {
        return status(Code.INVALID_ARGUMENT, text);
    }

    private static Status precondition(String text) {
        return status(Code.FAILED_PRECONDITION, text);
    }

    private static Status unavailable(String text) {
        return status(Code.UNAVAILABLE, text);
    }

    private static Status unknown(String text) {
        return status(Code.UNKNOWN, text);
    }
}
