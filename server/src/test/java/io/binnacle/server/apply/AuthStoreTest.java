package io.binnacle.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.binnacle.api.authpb.Permission;
import io.binnacle.api.authpb.Role;
import io.binnacle.api.authpb.User;
import io.binnacle.api.authpb.UserAddOptions;
import io.binnacle.api.etcdserverpb.AuthDisableRequest;
import io.binnacle.api.etcdserverpb.AuthEnableRequest;
import io.binnacle.api.etcdserverpb.AuthRoleAddRequest;
import io.binnacle.api.etcdserverpb.AuthRoleDeleteRequest;
import io.binnacle.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.binnacle.api.etcdserverpb.AuthUserAddRequest;
import io.binnacle.api.etcdserverpb.AuthUserDeleteRequest;
import io.binnacle.api.etcdserverpb.AuthUserGrantRoleRequest;
import io.binnacle.api.etcdserverpb.AuthUserRevokeRoleRequest;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Users, roles and permissions follow api.md §10, and intervals follow a naive set of keys. */
class AuthStoreTest {

    private static final Bytes FROM = Bytes.of(new byte[1]);

    private final AppliedState state;
    private int grants;

    AuthStoreTest() throws Exception {
        state = new AppliedState();
    }

    @Test
    void theTableOfEvaluationsHolds() {
        addRootAndEnable();
        user("ac", read("a", "c"));
        assertThat(mayRead("ac", "b", "")).isTrue();
        assertThat(mayRead("ac", "c", "")).isFalse();

        user("two", read("a", "b"), read("b", "c"));
        assertThat(mayRead("two", "a", "c")).isTrue();
        user("gap", read("a", "b"), read("c", "d"));
        assertThat(mayRead("gap", "a", "d")).isFalse();

        user("point", read("a", ""));
        assertThat(state.auth.view().mayRead(who("point"), Bytes.utf8("a"), Bytes.utf8("a").append((byte) 0))).isNull();
        user("open", read("a", "\0"));
        assertThat(mayRead("open", "a", "z")).isTrue();
        assertThat(mayRead("open", "a", "\0")).isTrue();
        user("closed", read("a", "z"));
        assertThat(mayRead("closed", "a", "\0")).isFalse();
        assertThat(mayRead("closed", "b", "a")).as("an empty interval is judged like its key").isTrue();
    }

    @Test
    void whoMayNotIsToldWhyInTheOrderOfEtcd() {
        addRootAndEnable();
        user("u", read("a", "c"));
        AuthView view = state.auth.view();

        assertThat(view.mayRead(Identity.NONE, Bytes.utf8("a"), Bytes.EMPTY)).isEqualTo(Refusal.USER_EMPTY);
        assertThat(view.mayRead(new Identity("u", 1), Bytes.utf8("a"), Bytes.EMPTY)).isEqualTo(Refusal.AUTH_OLD_REVISION);
        assertThat(view.mayRead(who("nobody"), Bytes.utf8("a"), Bytes.EMPTY)).isEqualTo(Refusal.PERMISSION_DENIED);
        assertThat(view.mayRead(who("root"), Bytes.utf8("zz"), FROM)).isNull();
        assertThat(view.mayAdminister(Identity.NONE)).isEqualTo(Refusal.USER_EMPTY);
        assertThat(view.mayAdminister(who("nobody"))).isEqualTo(Refusal.USER_NOT_FOUND);
        assertThat(view.mayAdminister(who("u"))).isEqualTo(Refusal.PERMISSION_DENIED);
        assertThat(view.mayAdminister(new Identity("root", 0))).as("the revision plays no part").isNull();
    }

    @Test
    void eachChangeButEnablingRaisesTheRevisionByOneAndFailuresDoNot() {
        assertThat(revision()).isEqualTo(1);
        assertThat(apply(Kind.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance())).isEqualTo("ROOT_USER_MISSING");
        addUser("root");
        assertThat(revision()).isEqualTo(2);
        assertThat(apply(Kind.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance())).isEqualTo("ROOT_ROLE_MISSING");
        assertThat(addUser("root")).isEqualTo("USER_EXISTS");
        assertThat(addUser("")).isEqualTo("USER_EMPTY");
        assertThat(revision()).isEqualTo(2);
        assertThat(grantRole("root", "root")).as("without a record of that role").isEqualTo("ok");
        assertThat(grantRole("root", "root")).isEqualTo("ok");
        assertThat(revision()).as("granted already").isEqualTo(3);
        assertThat(grantRole("root", "none")).isEqualTo("ROLE_NOT_FOUND");
        assertThat(grantRole("none", "root")).isEqualTo("USER_NOT_FOUND");
        assertThat(apply(Kind.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance())).isEqualTo("ok");
        assertThat(revision()).isEqualTo(3);
        assertThat(applyAsRoot(Kind.AUTH_USER_DELETE, AuthUserDeleteRequest.newBuilder().setName("root").build()))
                .isEqualTo("INVALID_AUTH_MANAGEMENT");
        assertThat(applyAsRoot(Kind.AUTH_USER_REVOKE_ROLE,
                AuthUserRevokeRoleRequest.newBuilder().setName("root").setRole("root").build()))
                .isEqualTo("INVALID_AUTH_MANAGEMENT");
        assertThat(applyAsRoot(Kind.AUTH_ROLE_DELETE, AuthRoleDeleteRequest.newBuilder().setRole("root").build()))
                .isEqualTo("INVALID_AUTH_MANAGEMENT");
        assertThat(applyAsRoot(Kind.AUTH_DISABLE, AuthDisableRequest.getDefaultInstance())).isEqualTo("ok");
        assertThat(revision()).isEqualTo(4);
        assertThat(apply(Kind.AUTH_DISABLE, AuthDisableRequest.getDefaultInstance())).isEqualTo("ok");
        assertThat(revision()).as("off already").isEqualTo(4);
    }

    @Test
    void aDeletedRoleIsTakenFromAllUsersAndTheStateIsReadBackAlike() throws Exception {
        addRootAndEnable();
        user("u", read("a", "c"));
        String role = userOf("u").getRoles(0);

        assertThat(applyAsRoot(Kind.AUTH_ROLE_DELETE, AuthRoleDeleteRequest.newBuilder().setRole(role).build())).isEqualTo("ok");

        assertThat(mayRead("u", "b", "")).isFalse();
        AuthView again = new AppliedState(state.backend, -1).auth.view();
        AuthView view = state.auth.view();
        assertThat(again.users()).isEqualTo(view.users());
        assertThat(again.roles()).isEqualTo(view.roles());
        assertThat(again.revision()).isEqualTo(view.revision());
        assertThat(again.enabled()).isTrue();
    }

    @Test
    void onlyTheFirstEntryOfAKeyIsComparedWhenAPermissionIsGranted() {
        addRootAndEnable();
        applyAsRoot(Kind.AUTH_ROLE_ADD, AuthRoleAddRequest.newBuilder().setName("r").build());
        grant("r", read("a", ""));
        grant("r", read("a", "b"));
        grant("r", read("a", "b"));

        assertThat(roleOf("r").getKeyPermissionList()).hasSize(3);
        grant("r", permission(Permission.Type.WRITE, "a", ""));
        assertThat(roleOf("r").getKeyPermission(0).getPermType()).isEqualTo(Permission.Type.WRITE);
        assertThat(grant("r", read("", "b"))).isEqualTo("INVALID_AUTH_MANAGEMENT");
        assertThat(grant("r", read("b", "a"))).isEqualTo("INVALID_AUTH_MANAGEMENT");
        assertThat(grant("none", read("a", "b"))).isEqualTo("ROLE_NOT_FOUND");
    }

    /**
     * Intervals begin and end at keys of one or two letters. Those keys and their successors stand for all keys: any two
     * keys without one of these between them lie in the same intervals.
     */
    @Test
    void intervalsCoverExactlyWhatANaiveSetOfKeysCovers() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        System.out.println("intervals: -Dtest.seed=" + seed);
        Random random = new Random(seed);
        TreeSet<Bytes> universe = new TreeSet<>();
        for (byte a = 0; a < 5; a++) {
            universe.add(Bytes.of(new byte[] {a}));
            for (byte b = 0; b < 3; b++) {
                universe.add(Bytes.of(new byte[] {a, b}));
                universe.add(Bytes.of(new byte[] {a, b, 0}));
            }
        }
        List<Bytes> keys = new ArrayList<>(universe);
        keys.removeIf(key -> key.length() > 2);
        Bytes beyond = Bytes.of(new byte[] {9});
        for (int round = 0; round < Integer.getInteger("test.count", 3000); round++) {
            KeyIntervals.Builder builder = new KeyIntervals.Builder();
            TreeSet<Bytes> granted = new TreeSet<>();
            boolean open = false;
            for (int each = random.nextInt(5); each > 0; each--) {
                Bytes key = keys.get(random.nextInt(keys.size()));
                Bytes end = end(random, keys);
                builder.add(key, end);
                granted.addAll(covered(universe, key, end));
                open |= isOpen(end);
            }
            KeyIntervals intervals = builder.build();
            for (int asked = 0; asked < 20; asked++) {
                Bytes key = keys.get(random.nextInt(keys.size()));
                Bytes end = end(random, keys);
                boolean judgedAsPoint = !end.isEmpty() && !isOpen(end) && end.compareTo(key) <= 0;
                Set<Bytes> wanted = covered(universe, key, judgedAsPoint ? Bytes.EMPTY : end);
                boolean naive = granted.containsAll(wanted) && (!isOpen(end) || open);
                assertThat(intervals.cover(key, end)).as("seed %d, round %d: %s to %s", seed, round, key, end).isEqualTo(naive);
            }
            assertThat(intervals.cover(beyond, FROM)).isEqualTo(open);
        }
    }

    private static Bytes end(Random random, List<Bytes> keys) {
        return switch (random.nextInt(4)) {
            case 0 -> Bytes.EMPTY;
            case 1 -> FROM;
            default -> keys.get(random.nextInt(keys.size()));
        };
    }

    private static boolean isOpen(Bytes end) {
        return end.equals(FROM);
    }

    private static Set<Bytes> covered(NavigableSet<Bytes> universe, Bytes key, Bytes end) {
        if (end.isEmpty()) return new TreeSet<>(universe.subSet(key, true, key, true));
        if (isOpen(end)) return new TreeSet<>(universe.tailSet(key, true));
        return end.compareTo(key) <= 0 ? new TreeSet<>() : new TreeSet<>(universe.subSet(key, true, end, false));
    }

    private void addRootAndEnable() {
        addUser("root");
        grantRole("root", "root");
        assertThat(apply(Kind.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance())).isEqualTo("ok");
    }

    private String addUser(String name) {
        return applyAsRoot(Kind.AUTH_USER_ADD, AuthUserAddRequest.newBuilder().setName(name)
                .setOptions(UserAddOptions.newBuilder().setNoPassword(true)).build());
    }

    private String grantRole(String user, String role) {
        return applyAsRoot(Kind.AUTH_USER_GRANT_ROLE,
                AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build());
    }

    /** A user with a role of its own for each permission. */
    private void user(String name, Permission... permissions) {
        addUser(name);
        for (Permission permission : permissions) {
            String role = "role" + grants++;
            applyAsRoot(Kind.AUTH_ROLE_ADD, AuthRoleAddRequest.newBuilder().setName(role).build());
            assertThat(grant(role, permission)).isEqualTo("ok");
            grantRole(name, role);
        }
    }

    private String grant(String role, Permission permission) {
        return applyAsRoot(Kind.AUTH_ROLE_GRANT_PERMISSION,
                AuthRoleGrantPermissionRequest.newBuilder().setName(role).setPerm(permission).build());
    }

    private static Permission read(String key, String end) {
        return permission(Permission.Type.READ, key, end);
    }

    private static Permission permission(Permission.Type type, String key, String end) {
        return Permission.newBuilder().setPermType(type).setKey(ByteString.copyFromUtf8(key))
                .setRangeEnd(ByteString.copyFromUtf8(end)).build();
    }

    private boolean mayRead(String user, String key, String end) {
        return state.auth.view().mayRead(who(user), Bytes.utf8(key), Bytes.utf8(end)) == null;
    }

    private User userOf(String name) {
        return Objects.requireNonNull(state.auth.view().users().get(name));
    }

    private Role roleOf(String name) {
        return Objects.requireNonNull(state.auth.view().roles().get(name));
    }

    private Identity who(String user) {
        return new Identity(user, revision());
    }

    private long revision() {
        return state.auth.view().revision();
    }

    private String apply(Kind kind, MessageLite request) {
        return said(state.apply(kind, request));
    }

    private String applyAsRoot(Kind kind, MessageLite request) {
        return said(state.apply(kind, request, who("root")));
    }

    private static String said(Outcome outcome) {
        return outcome instanceof Outcome.Refused(Refusal why) ? why.name() : "ok";
    }
}
