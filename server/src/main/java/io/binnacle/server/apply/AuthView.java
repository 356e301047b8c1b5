package io.binnacle.server.apply;

import io.binnacle.api.authpb.Permission;
import io.binnacle.api.authpb.Role;
import io.binnacle.api.authpb.User;
import io.binnacle.base.Bytes;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and permissions at one moment: immutable but for a cache, so safe for all threads.
 *
 * <p>Permission rules are those of the etcd API (shared contract: api.md §10.4).
 */
public final class AuthView {

    /** The user that must exist before authentication is switched on, and the role that permits everything. */
    public static final String ROOT = "root";

    private final boolean enabled;
    private final long revision;
    private final NavigableMap<String, User> users;
    private final NavigableMap<String, Role> roles;
    /** Merged intervals by user name, filled on first use; bounded by the number of users. */
    private final ConcurrentHashMap<String, Granted> granted = new ConcurrentHashMap<>();

    AuthView(boolean enabled, long revision, NavigableMap<String, User> users, NavigableMap<String, Role> roles) {
        this.enabled = enabled;
        this.revision = revision;
        this.users = users;
        this.roles = roles;
    }

    private record Granted(KeyIntervals read, KeyIntervals write) {}

    /** Whether requests need permission at all. */
    public boolean enabled() {
        return enabled;
    }

    /** Grows with every change of users and roles; 1 at first. */
    public long revision() {
        return revision;
    }

    /** All users by name; not to be changed. */
    public SortedMap<String, User> users() {
        return users;
    }

    /** All roles by name; not to be changed. */
    public SortedMap<String, Role> roles() {
        return roles;
    }

    /** Whether {@code who} may read [key, rangeEnd); null if so. */
    public @Nullable Refusal mayRead(Identity who, Bytes key, Bytes rangeEnd) {
        return permits(who, key, rangeEnd, false);
    }

    /** Whether {@code who} may change [key, rangeEnd); null if so. */
    public @Nullable Refusal mayWrite(Identity who, Bytes key, Bytes rangeEnd) {
        return permits(who, key, rangeEnd, true);
    }

    /** Whether {@code who} may do what only the holders of role root may; null if so. The revision plays no part here. */
    public @Nullable Refusal mayAdminister(Identity who) {
        if (!enabled) return null;
        if (who.user().isEmpty()) return Refusal.USER_EMPTY;
        User user = users.get(who.user());
        if (user == null) return Refusal.USER_NOT_FOUND;
        return hasRoot(user) ? null : Refusal.PERMISSION_DENIED;
    }

    /** Whether the user exists and has the role. */
    public boolean hasRole(String user, String role) {
        User found = users.get(user);
        return found != null && found.getRolesList().contains(role);
    }

    static boolean hasRoot(User user) {
        return user.getRolesList().contains(ROOT);
    }

    private @Nullable Refusal permits(Identity who, Bytes key, Bytes rangeEnd, boolean write) {
        if (!enabled) return null;
        if (who.authRevision() == 0) return Refusal.USER_EMPTY;
        if (Long.compareUnsigned(who.authRevision(), revision) < 0) return Refusal.AUTH_OLD_REVISION;
        User user = users.get(who.user());
        if (user == null) return Refusal.PERMISSION_DENIED;
        if (hasRoot(user)) return null;
        Granted of = granted.computeIfAbsent(who.user(), name -> collect(user));
        KeyIntervals intervals = write ? of.write() : of.read();
        return intervals.cover(key, rangeEnd) ? null : Refusal.PERMISSION_DENIED;
    }

    private Granted collect(User user) {
        KeyIntervals.Builder read = new KeyIntervals.Builder();
        KeyIntervals.Builder write = new KeyIntervals.Builder();
        for (String name : user.getRolesList()) {
            Role role = roles.get(name);
            if (role == null) continue;
            for (Permission permission : role.getKeyPermissionList()) {
                Bytes key = Bytes.of(permission.getKey().toByteArray());
                Bytes end = Bytes.of(permission.getRangeEnd().toByteArray());
                switch (permission.getPermType()) {
                    case READ -> read.add(key, end);
                    case WRITE -> write.add(key, end);
                    case READWRITE -> {
                        read.add(key, end);
                        write.add(key, end);
                    }
                    case UNRECOGNIZED -> {} // stored as it came, gives no right
                }
            }
        }
        return new Granted(read.build(), write.build());
    }
}
