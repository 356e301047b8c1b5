package io.binnacle.server.apply;

/**
 * Why a command, read or call is refused. The texts and codes that clients see belong to the services, which map each
 * of these exhaustively.
 */
public enum Refusal {
    /** A key of zero length. */
    EMPTY_KEY,
    /** The key must exist and does not, or an operation of a transaction is unset. */
    KEY_NOT_FOUND,
    /** A value together with "ignore the value". */
    VALUE_PROVIDED,
    /** A lease together with "ignore the lease". */
    LEASE_PROVIDED,
    /** More operations than a transaction may have. */
    TOO_MANY_OPERATIONS,
    /** A key changed twice on one path of a transaction. */
    DUPLICATE_KEY,
    /** A sort order or target outside the enumeration. */
    INVALID_SORT_OPTION,
    /** The revision lies below the compaction. */
    COMPACTED,
    /** The revision lies in the future. */
    FUTURE_REVISION,
    /** The database is over its quota. */
    NO_SPACE,
    /** The corruption alarm is raised. */
    CORRUPT,
    /** No lease of that id. */
    LEASE_NOT_FOUND,
    /** A lease of that id exists. */
    LEASE_EXISTS,
    /** A time to live above nine billion seconds. */
    LEASE_TTL_TOO_LARGE,
    /** The request is longer than a log entry may be. */
    REQUEST_TOO_LARGE,
    /** More is committed than applied, by too much. */
    TOO_MANY_REQUESTS,
    /** User root is missing. */
    ROOT_USER_MISSING,
    /** User root lacks role root. */
    ROOT_ROLE_MISSING,
    /** A user of that name exists. */
    USER_EXISTS,
    /** No user name, or no credentials. */
    USER_EMPTY,
    /** No user of that name. */
    USER_NOT_FOUND,
    /** A role of that name exists. */
    ROLE_EXISTS,
    /** No role of that name. */
    ROLE_NOT_FOUND,
    /** No role name. */
    ROLE_EMPTY,
    /** No permission in the request. */
    PERMISSION_NOT_GIVEN,
    /** The user may not do this. */
    PERMISSION_DENIED,
    /** The user does not have that role. */
    ROLE_NOT_GRANTED,
    /** The role does not have that permission. */
    PERMISSION_NOT_GRANTED,
    /** Wrong name or password. */
    AUTHENTICATION_FAILED,
    /** Authentication is off. */
    AUTH_NOT_ENABLED,
    /** The token is unknown. */
    INVALID_AUTH_TOKEN,
    /** Not allowed while authentication is on, or an invalid range of a permission. */
    INVALID_AUTH_MANAGEMENT,
    /** The credentials are older than the newest change of users and roles. */
    AUTH_OLD_REVISION,
    /** A password hash that is none. */
    NO_PASSWORD_USER,
    /** The client says in bytes that are no text which release of the API it speaks. */
    INVALID_CLIENT_API_VERSION,
    /** No leader is known. */
    NO_LEADER,
    /** This member is not the leader. */
    NOT_LEADER,
    /** The leader changed while the call waited. */
    LEADER_CHANGED,
    /** The member is stopping. */
    STOPPED,
    /** The call waited longer than the request timeout. */
    TIMEOUT,
    /** The same, and the leader had just failed. */
    TIMEOUT_LEADER_FAIL,
    /** The same, and the connection to the leader or the quorum was lost. */
    TIMEOUT_CONNECTION_LOST,
    /** The member did not catch up with the log in time. */
    TIMEOUT_WAIT_APPLIED,
    /** The proposal could not even be taken before the deadline. */
    DEADLINE_EXCEEDED,
    /** The client gave up. */
    CANCELED,
    /** The target of a leader transfer is no voting member. */
    BAD_LEADER_TRANSFEREE,
    /** A version that is not X.Y or X.Y.Z. */
    WRONG_DOWNGRADE_VERSION_FORMAT,
    /** Not the version one minor below. */
    INVALID_DOWNGRADE_TARGET,
    /** The cluster version is not decided yet. */
    CLUSTER_VERSION_UNAVAILABLE,
    /** A downgrade is under way. */
    DOWNGRADE_IN_PROCESS,
    /** An action number outside the enumeration. */
    UNKNOWN_METHOD,
    /** A member of that id exists. */
    MEMBER_EXISTS,
    /** No member of that id. */
    MEMBER_NOT_FOUND,
    /** A peer URL that another member uses. */
    PEER_URL_EXISTS,
    /** The member is no learner. */
    MEMBER_NOT_LEARNER,
    /** More learners than allowed. */
    TOO_MANY_LEARNERS
}
