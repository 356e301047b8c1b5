package io.binnacle.server.apply;

import com.google.protobuf.ByteString;
import io.binnacle.api.authpb.Permission;
import io.binnacle.api.authpb.Role;
import io.binnacle.api.authpb.User;
import io.binnacle.api.authpb.UserAddOptions;
import io.binnacle.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.binnacle.api.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.binnacle.api.etcdserverpb.AuthUserAddRequest;
import io.binnacle.api.etcdserverpb.AuthUserChangePasswordRequest;
import io.binnacle.backend.Backend;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and the switch, as changed by log entries and stored in the buckets {@code auth}, {@code authUsers} and
 * {@code authRoles} (shared contract: formats.md §7). Owned by the apply agent; every change makes a new
 * {@link AuthView}, which other threads read.
 *
 * <p>A change returns null, or why it was refused and nothing changed. Each successful change but enabling raises the
 * revision by one.
 */
public final class AuthStore {

    private static final Bytes ENABLED_KEY = Bytes.utf8("authEnabled");
    private static final Bytes REVISION_KEY = Bytes.utf8("authRevision");
    private static final Bytes ON = Bytes.of(new byte[] {1});
    private static final Bytes OFF = Bytes.of(new byte[] {0});

    private final Backend backend;
    private AuthView view;

    private AuthStore(Backend backend, AuthView view) {
        this.backend = backend;
        this.view = view;
    }

    /** Loads what the backend holds. */
    public static AuthStore restore(Backend backend) {
        boolean enabled = Objects.equals(Records.get(backend, Bucket.AUTH, ENABLED_KEY), ON);
        Bytes revision = Records.get(backend, Bucket.AUTH, REVISION_KEY);
        NavigableMap<String, User> users = new TreeMap<>();
        Records.all(backend, Bucket.AUTH_USERS).forEach((key, value) ->
                users.put(key.toUtf8(), Stored.parse("authUsers", key, value, User.parser())));
        NavigableMap<String, Role> roles = new TreeMap<>();
        Records.all(backend, Bucket.AUTH_ROLES).forEach((key, value) ->
                roles.put(key.toUtf8(), Stored.parse("authRoles", key, value, Role.parser())));
        long at = revision == null ? 0 : revision.asByteBuffer().getLong();
        AuthStore store = new AuthStore(backend, new AuthView(enabled, at, users, roles));
        if (at == 0) store.writeRevision(new AuthView(enabled, 1, users, roles)); // the first start writes it, as etcd's does
        return store;
    }

    /** The newest state. */
    public AuthView view() {
        return view;
    }

    /** Switches permission checks on. */
    @Nullable Refusal enable() {
        if (view.enabled()) return null;
        User root = view.users().get(AuthView.ROOT);
        if (root == null) return Refusal.ROOT_USER_MISSING;
        if (!AuthView.hasRoot(root)) return Refusal.ROOT_ROLE_MISSING;
        backend.put(Bucket.AUTH, ENABLED_KEY, ON);
        view = new AuthView(true, view.revision(), users(), roles());
        return null;
    }

    /** Switches permission checks off. */
    @Nullable Refusal disable() {
        if (!view.enabled()) return null;
        backend.put(Bucket.AUTH, ENABLED_KEY, OFF);
        writeRevision(new AuthView(false, view.revision() + 1, users(), roles()));
        return null;
    }

    @Nullable Refusal addUser(AuthUserAddRequest request) {
        if (request.getName().isEmpty()) return Refusal.USER_EMPTY;
        if (view.users().containsKey(request.getName())) return Refusal.USER_EXISTS;
        UserAddOptions options = request.getOptions();
        ByteString password = ByteString.EMPTY;
        if (!options.getNoPassword()) {
            ByteString decoded = hashOf(request.getHashedPassword());
            if (decoded == null) return Refusal.NO_PASSWORD_USER;
            password = decoded;
        }
        putUser(User.newBuilder()
                .setName(ByteString.copyFromUtf8(request.getName()))
                .setPassword(password)
                .setOptions(options) // stored even when empty
                .build());
        return null;
    }

    @Nullable Refusal deleteUser(String name) {
        if (view.enabled() && name.equals(AuthView.ROOT)) return Refusal.INVALID_AUTH_MANAGEMENT;
        if (!view.users().containsKey(name)) return Refusal.USER_NOT_FOUND;
        NavigableMap<String, User> users = users();
        users.remove(name);
        backend.delete(Bucket.AUTH_USERS, Bytes.utf8(name));
        changed(users, roles());
        return null;
    }

    @Nullable Refusal changePassword(AuthUserChangePasswordRequest request) {
        User user = view.users().get(request.getName());
        if (user == null) return Refusal.USER_NOT_FOUND;
        ByteString password = ByteString.EMPTY;
        if (!user.getOptions().getNoPassword()) {
            ByteString decoded = hashOf(request.getHashedPassword());
            if (decoded == null) return Refusal.NO_PASSWORD_USER;
            password = decoded;
        }
        putUser(user.toBuilder().setPassword(password).build());
        return null;
    }

    @Nullable Refusal grantRole(String name, String role) {
        User user = view.users().get(name);
        if (user == null) return Refusal.USER_NOT_FOUND;
        if (!role.equals(AuthView.ROOT) && !view.roles().containsKey(role)) return Refusal.ROLE_NOT_FOUND;
        if (user.getRolesList().contains(role)) return null; // accepted and not counted as a change
        TreeSet<String> roles = new TreeSet<>(AuthStore::byBytes);
        roles.addAll(user.getRolesList());
        roles.add(role);
        putUser(user.toBuilder().clearRoles().addAllRoles(roles).build());
        return null;
    }

    @Nullable Refusal revokeRole(String name, String role) {
        if (view.enabled() && name.equals(AuthView.ROOT) && role.equals(AuthView.ROOT)) {
            return Refusal.INVALID_AUTH_MANAGEMENT;
        }
        User user = view.users().get(name);
        if (user == null) return Refusal.USER_NOT_FOUND;
        if (!user.getRolesList().contains(role)) return Refusal.ROLE_NOT_GRANTED;
        putUser(without(user, role));
        return null;
    }

    @Nullable Refusal addRole(String name) {
        if (name.isEmpty()) return Refusal.ROLE_EMPTY;
        if (view.roles().containsKey(name)) return Refusal.ROLE_EXISTS;
        putRole(Role.newBuilder().setName(ByteString.copyFromUtf8(name)).build());
        return null;
    }

    @Nullable Refusal deleteRole(String name) {
        if (view.enabled() && name.equals(AuthView.ROOT)) return Refusal.INVALID_AUTH_MANAGEMENT;
        if (!view.roles().containsKey(name)) return Refusal.ROLE_NOT_FOUND;
        NavigableMap<String, Role> roles = roles();
        roles.remove(name);
        backend.delete(Bucket.AUTH_ROLES, Bytes.utf8(name));
        NavigableMap<String, User> users = users();
        for (User user : view.users().values()) {
            if (!user.getRolesList().contains(name)) continue;
            User reduced = without(user, name);
            users.put(user.getName().toStringUtf8(), reduced);
            store(reduced);
        }
        changed(users, roles);
        return null;
    }

    @Nullable Refusal grantPermission(AuthRoleGrantPermissionRequest request) {
        if (!request.hasPerm()) return Refusal.PERMISSION_NOT_GIVEN;
        Permission permission = request.getPerm();
        if (!isValidRange(permission)) return Refusal.INVALID_AUTH_MANAGEMENT;
        Role role = view.roles().get(request.getName());
        if (role == null) return Refusal.ROLE_NOT_FOUND;
        List<Permission> permissions = new ArrayList<>(role.getKeyPermissionList());
        int first = 0; // only the first entry with the key is compared
        while (first < permissions.size() && compare(permissions.get(first).getKey(), permission.getKey()) < 0) first++;
        boolean same = first < permissions.size()
                && permissions.get(first).getKey().equals(permission.getKey())
                && permissions.get(first).getRangeEnd().equals(permission.getRangeEnd());
        if (same) {
            permissions.set(first, permissions.get(first).toBuilder().setPermTypeValue(permission.getPermTypeValue()).build());
        } else {
            permissions.add(Permission.newBuilder()
                    .setPermTypeValue(permission.getPermTypeValue())
                    .setKey(permission.getKey())
                    .setRangeEnd(permission.getRangeEnd())
                    .build());
            permissions.sort((a, b) -> compare(a.getKey(), b.getKey()));
        }
        putRole(role.toBuilder().clearKeyPermission().addAllKeyPermission(permissions).build());
        return null;
    }

    @Nullable Refusal revokePermission(AuthRoleRevokePermissionRequest request) {
        Role role = view.roles().get(request.getRole());
        if (role == null) return Refusal.ROLE_NOT_FOUND;
        Role.Builder kept = role.toBuilder().clearKeyPermission();
        for (Permission permission : role.getKeyPermissionList()) {
            boolean matches = permission.getKey().equals(request.getKey())
                    && permission.getRangeEnd().equals(request.getRangeEnd());
            if (!matches) kept.addKeyPermission(permission);
        }
        if (kept.getKeyPermissionCount() == role.getKeyPermissionCount()) return Refusal.PERMISSION_NOT_GRANTED;
        putRole(kept.build());
        return null;
    }

    private static boolean isValidRange(Permission permission) {
        ByteString key = permission.getKey();
        ByteString end = permission.getRangeEnd();
        if (key.isEmpty()) return false;
        boolean openEnded = end.size() == 1 && end.byteAt(0) == 0;
        return end.isEmpty() || openEnded || compare(end, key) > 0;
    }

    private static int compare(ByteString a, ByteString b) {
        return ByteString.unsignedLexicographicalComparator().compare(a, b);
    }

    /** Go sorts strings by their bytes; Java's order of UTF-16 units differs beyond the basic plane. */
    private static int byBytes(String a, String b) {
        return Bytes.utf8(a).compareTo(Bytes.utf8(b));
    }

    /** The bcrypt text that a request carries in base64, or null if it is not base64. */
    private static @Nullable ByteString hashOf(String base64) {
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static User without(User user, String role) {
        User.Builder reduced = user.toBuilder().clearRoles();
        for (String name : user.getRolesList()) {
            if (!name.equals(role)) reduced.addRoles(name);
        }
        return reduced.build();
    }

    private void putUser(User user) {
        NavigableMap<String, User> users = users();
        users.put(user.getName().toStringUtf8(), user);
        store(user);
        changed(users, roles());
    }

    private void putRole(Role role) {
        NavigableMap<String, Role> roles = roles();
        roles.put(role.getName().toStringUtf8(), role);
        backend.put(Bucket.AUTH_ROLES, bytes(role.getName()), Bytes.of(role.toByteArray()));
        changed(users(), roles);
    }

    private void store(User user) {
        backend.put(Bucket.AUTH_USERS, bytes(user.getName()), Bytes.of(user.toByteArray()));
    }

    private static Bytes bytes(ByteString text) {
        return Bytes.of(text.toByteArray());
    }

    private NavigableMap<String, User> users() {
        return new TreeMap<>(view.users());
    }

    private NavigableMap<String, Role> roles() {
        return new TreeMap<>(view.roles());
    }

    private void changed(NavigableMap<String, User> users, NavigableMap<String, Role> roles) {
        writeRevision(new AuthView(view.enabled(), view.revision() + 1, users, roles));
    }

    private void writeRevision(AuthView next) {
        view = next;
        backend.put(Bucket.AUTH, REVISION_KEY, Bytes.of(ByteBuffer.allocate(8).putLong(next.revision()).array()));
    }
}
