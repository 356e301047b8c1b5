package io.binnacle.proof.transcript;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.binnacle.api.etcdserverpb.RpcProto;
import io.binnacle.api.health.HealthProto;
import io.binnacle.api.v3electionpb.V3electionpbProto;
import io.binnacle.api.v3lockpb.V3lockpbProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of the API by their path on the wire. Immutable. */
final class Methods {
    private static final List<FileDescriptor> FILES = List.of(
            RpcProto.getDescriptor(), V3lockpbProto.getDescriptor(), V3electionpbProto.getDescriptor(), HealthProto.getDescriptor());

    private final Map<String, MethodDescriptor> byPath = new HashMap<>();

    Methods() {
        for (FileDescriptor file : FILES) {
            for (ServiceDescriptor service : file.getServices()) {
                service.getMethods().forEach(method -> byPath.put("/" + service.getFullName() + "/" + method.getName(), method));
            }
        }
    }

    MethodDescriptor at(String path) {
        @Nullable MethodDescriptor method = byPath.get(path);
        if (method == null) {
            throw new IllegalArgumentException("no method " + path);
        }
        return method;
    }
}
