package io.binnacle.server.service;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.health.HealthCheckRequest;
import io.binnacle.api.health.HealthCheckResponse;
import io.binnacle.api.health.HealthCheckResponse.ServingStatus;
import io.binnacle.api.health.HealthListRequest;
import io.binnacle.api.health.HealthListResponse;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import java.util.List;

/** gRPC's standard health service: the member as a whole, named by the empty name, serves for as long as it answers. */
public final class HealthService {

    private static final String NAME = "grpc.health.v1.Health";
    private static final StrictWalk CHECK = Services.walk(HealthCheckRequest.getDescriptor());
    private static final StrictWalk LIST = Services.walk(HealthListRequest.getDescriptor());

    private final Services services;

    /** The service of one member. */
    public HealthService(Services services) {
        this.services = services;
    }

    /** Its methods. */
    public List<RpcMethod> methods() {
        return List.of(
                new RpcMethod(NAME, "Check", CallKind.UNARY, call -> services.unary(call, CHECK, this::check)),
                new RpcMethod(NAME, "List", CallKind.UNARY, call -> services.unary(call, LIST, this::list)),
                new RpcMethod(NAME, "Watch", CallKind.SERVER_STREAM,
                        call -> new WatchCall(services, call)));
    }

    private void check(Call call, Bytes message) {
        try {
            if (HealthCheckRequest.parseFrom(message.asByteBuffer()).getService().isEmpty()) {
                call.reply(status(ServingStatus.SERVING));
            } else {
                call.finish(new Status(Code.NOT_FOUND, "unknown service"));
            }
        } catch (InvalidProtocolBufferException malformed) {
            call.finish(Services.unreadable(malformed.getMessage()));
        }
    }

    private void list(Call call, Bytes message) {
        HealthListResponse response = HealthListResponse.newBuilder()
                .putStatuses("", HealthCheckResponse.newBuilder().setStatus(ServingStatus.SERVING).build())
                .build();
        call.reply(Bytes.of(response.toByteArray()));
    }

    private static Bytes status(ServingStatus status) {
        return Bytes.of(HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray());
    }

    /** The status now; it changes only when the member stops, which ends the call. */
    private record WatchCall(Services services, Call call) implements CallReceiver {

        @Override
        public void message(Bytes message) {
            if (!services.admits(call)) return;
            try {
                boolean known = HealthCheckRequest.parseFrom(message.asByteBuffer()).getService().isEmpty();
                call.send(status(known ? ServingStatus.SERVING : ServingStatus.SERVICE_UNKNOWN));
            } catch (InvalidProtocolBufferException malformed) {
                call.finish(Services.unreadableOnStream(malformed.getMessage()));
            }
        }

        @Override
        public void cancelled(Status why) {
            // nothing is held
        }
    }
}
