package io.binnacle.server.apply;

/**
 * Who asks, as captured when the request was admitted.
 *
 * @param user the user name, empty without credentials
 * @param authRevision the revision of users and roles at which the credentials were resolved; 0 without credentials
 */
public record Identity(String user, long authRevision) {

    /** A request without credentials. */
    public static final Identity NONE = new Identity("", 0);
}
