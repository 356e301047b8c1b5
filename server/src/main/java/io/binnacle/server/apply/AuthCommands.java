package io.binnacle.server.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.binnacle.api.authpb.Permission;
import io.binnacle.api.authpb.Role;
import io.binnacle.api.authpb.User;
import io.binnacle.api.etcdserverpb.AuthRoleAddRequest;
import io.binnacle.api.etcdserverpb.AuthRoleDeleteRequest;
import io.binnacle.api.etcdserverpb.AuthRoleGetRequest;
import io.binnacle.api.etcdserverpb.AuthRoleGetResponse;
import io.binnacle.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.binnacle.api.etcdserverpb.AuthRoleListResponse;
import io.binnacle.api.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.binnacle.api.etcdserverpb.AuthStatusResponse;
import io.binnacle.api.etcdserverpb.AuthUserAddRequest;
import io.binnacle.api.etcdserverpb.AuthUserChangePasswordRequest;
import io.binnacle.api.etcdserverpb.AuthUserDeleteRequest;
import io.binnacle.api.etcdserverpb.AuthUserGetRequest;
import io.binnacle.api.etcdserverpb.AuthUserGetResponse;
import io.binnacle.api.etcdserverpb.AuthUserGrantRoleRequest;
import io.binnacle.api.etcdserverpb.AuthUserListResponse;
import io.binnacle.api.etcdserverpb.AuthUserRevokeRoleRequest;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/** The entries that manage or show users and roles: who may, what changes, what is answered. Apply agent only. */
final class AuthCommands {

    private static final Outcome OK = new Outcome.Done(0, Bytes.EMPTY);

    private final AuthStore store;

    AuthCommands(AuthStore store) {
        this.store = store;
    }

    /** Carries out one request of the kinds from {@code AUTH_ENABLE} to {@code AUTH_ROLE_REVOKE_PERMISSION}. */
    Outcome apply(RaftRequest.Kind kind, Bytes request, Identity who) throws InvalidProtocolBufferException {
        AuthView view = store.view();
        Refusal denied = switch (kind) {
            case AUTH_STATUS, AUTHENTICATE -> null;
            case AUTH_USER_GET -> {
                boolean oneself = parse(request, AuthUserGetRequest.parser()).getName().equals(who.user());
                yield oneself ? null : view.mayAdminister(who);
            }
            case AUTH_ROLE_GET -> {
                boolean own = view.hasRole(who.user(), parse(request, AuthRoleGetRequest.parser()).getRole());
                yield own ? null : view.mayAdminister(who);
            }
            default -> view.mayAdminister(who);
        };
        return denied != null ? new Outcome.Refused(denied) : permitted(kind, request, view);
    }

    private Outcome permitted(RaftRequest.Kind kind, Bytes request, AuthView view) throws InvalidProtocolBufferException {
        return switch (kind) {
            case AUTH_ENABLE -> changed(store.enable());
            case AUTH_DISABLE -> changed(store.disable());
            case AUTH_USER_ADD -> changed(store.addUser(parse(request, AuthUserAddRequest.parser())));
            case AUTH_USER_DELETE -> changed(store.deleteUser(parse(request, AuthUserDeleteRequest.parser()).getName()));
            case AUTH_USER_CHANGE_PASSWORD ->
                    changed(store.changePassword(parse(request, AuthUserChangePasswordRequest.parser())));
            case AUTH_USER_GRANT_ROLE -> {
                AuthUserGrantRoleRequest grant = parse(request, AuthUserGrantRoleRequest.parser());
                yield changed(store.grantRole(grant.getUser(), grant.getRole()));
            }
            case AUTH_USER_REVOKE_ROLE -> {
                AuthUserRevokeRoleRequest revoke = parse(request, AuthUserRevokeRoleRequest.parser());
                yield changed(store.revokeRole(revoke.getName(), revoke.getRole()));
            }
            case AUTH_ROLE_ADD -> changed(store.addRole(parse(request, AuthRoleAddRequest.parser()).getName()));
            case AUTH_ROLE_DELETE -> changed(store.deleteRole(parse(request, AuthRoleDeleteRequest.parser()).getRole()));
            case AUTH_ROLE_GRANT_PERMISSION ->
                    changed(store.grantPermission(parse(request, AuthRoleGrantPermissionRequest.parser())));
            case AUTH_ROLE_REVOKE_PERMISSION ->
                    changed(store.revokePermission(parse(request, AuthRoleRevokePermissionRequest.parser())));
            case AUTH_USER_GET -> user(parse(request, AuthUserGetRequest.parser()).getName(), view);
            case AUTH_ROLE_GET -> role(parse(request, AuthRoleGetRequest.parser()).getRole(), view);
            case AUTH_USER_LIST ->
                    shown(AuthUserListResponse.newBuilder().addAllUsers(view.users().keySet()).build());
            case AUTH_ROLE_LIST ->
                    shown(AuthRoleListResponse.newBuilder().addAllRoles(view.roles().keySet()).build());
            case AUTH_STATUS -> shown(AuthStatusResponse.newBuilder()
                    .setEnabled(view.enabled()).setAuthRevision(view.revision()).build());
            case AUTHENTICATE -> OK; // a token that only the member which handed it out could know: no state of ours
            default -> throw new IllegalArgumentException("no request about users or roles: " + kind);
        };
    }

    private static Outcome user(String name, AuthView view) {
        User user = view.users().get(name);
        if (user == null) return new Outcome.Refused(Refusal.USER_NOT_FOUND);
        return shown(AuthUserGetResponse.newBuilder().addAllRoles(user.getRolesList()).build());
    }

    private static Outcome role(String name, AuthView view) {
        Role role = view.roles().get(name);
        if (role == null) return new Outcome.Refused(Refusal.ROLE_NOT_FOUND);
        AuthRoleGetResponse.Builder response = AuthRoleGetResponse.newBuilder();
        if (name.equals(AuthView.ROOT)) {
            response.addPerm(Permission.newBuilder()
                    .setPermType(Permission.Type.READWRITE)
                    .setRangeEnd(com.google.protobuf.ByteString.copyFrom(new byte[1])));
        } else {
            response.addAllPerm(role.getKeyPermissionList());
        }
        return shown(response.build());
    }

    private static Outcome changed(@Nullable Refusal refusal) {
        return refusal == null ? OK : new Outcome.Refused(refusal);
    }

    private static Outcome shown(Message response) {
        return new Outcome.Done(0, Bytes.of(response.toByteArray()));
    }

    private static <T> T parse(Bytes request, Parser<T> parser) throws InvalidProtocolBufferException {
        return parser.parseFrom(request.array(), request.offset(), request.length());
    }
}
