package io.binnacle.proof.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.binnacle.api.etcdserverpb.AuthenticateRequest;
import io.binnacle.api.etcdserverpb.AuthenticateResponse;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.RangeResponse;
import io.binnacle.api.mvccpb.KeyValue;
import io.binnacle.proof.client.Answer;
import io.binnacle.proof.client.EtcdClient;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.binnacle.proof.process.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Starts a server on a recorded directory and compares what it serves with the manifest. Stateless. */
public final class GoldenCheck {
    private GoldenCheck() {}

    private static final int UNIMPLEMENTED = 12;

    /**
     * What differs, or nothing: first what the server serves, then what {@code successor} serves on the directory that the server leaves.
     * {@code target} must not exist.
     */
    public static List<String> differences(GoldenDirectory golden, ServerCommand command, ServerCommand successor, Path target)
            throws IOException {
        golden.restore(target);
        ServerSetup setup = ServerSetup.continuing(target, golden.memberName(), golden.peerUrl(), List.of());
        List<String> differences = new ArrayList<>(served(golden, command, setup));
        if (differences.isEmpty()) {
            served(golden, successor, setup).forEach(found -> differences.add(successor.name() + " after it: " + found));
        }
        return differences;
    }

    private static List<String> served(GoldenDirectory golden, ServerCommand command, ServerSetup setup) {
        try (ServerProcess server = ServerProcess.start(command, setup)) {
            Identity identity = authenticate(setup);
            List<String> found = identity.possible() ? asked(golden, setup, identity.token()) : refused(setup);
            server.stop();
            return found;
        } catch (StartFailure e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> asked(GoldenDirectory golden, ServerSetup setup, String token) {
        try (EtcdClient client = new EtcdClient(setup.clientAddress(), token)) {
            client.awaitReads();
            List<String> differences = new ArrayList<>();
            RangeResponse all = client.everything();
            if (all.getHeader().getRevision() != golden.manifest().path("revision").asLong()) {
                differences.add("revision expected " + golden.manifest().path("revision") + ", got " + all.getHeader().getRevision());
            }
            keys(golden, all, differences);
            hashes(golden, client, differences);
            return differences;
        }
    }

    /** A server that authenticates nobody must not serve a directory with auth to everybody: what it says instead is etcd's. */
    private static List<String> refused(ServerSetup setup) {
        RangeRequest one = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).build();
        PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).build();
        try (EtcdClient client = new EtcdClient(setup.clientAddress(), "")) {
            List<String> differences = new ArrayList<>();
            for (Answer<?> answer : List.<Answer<?>>of(client.range(one), client.put(put))) {
                if (!(answer instanceof Answer.Failed<?>(int _, String message)) || !message.equals("etcdserver: user name is empty")) {
                    differences.add("auth is on, a request without identity got " + answer);
                }
            }
            return differences;
        }
    }

    /** Whether there is somebody to be; the token is empty where auth is off. */
    private record Identity(boolean possible, String token) {}

    private static Identity authenticate(ServerSetup setup) {
        AuthenticateRequest root = AuthenticateRequest.newBuilder().setName("root").setPassword("rootpw").build(); // recorded test data
        try (EtcdClient client = new EtcdClient(setup.clientAddress(), "")) {
            boolean open = client.range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("-")).build())
                    instanceof Answer.Done<RangeResponse>;
            return switch (client.call("/etcdserverpb.Auth/Authenticate", root, AuthenticateResponse.parser())) {
                case Answer.Done<AuthenticateResponse>(AuthenticateResponse response) -> new Identity(true, response.getToken());
                case Answer.Failed<AuthenticateResponse>(int code, String _) -> new Identity(open || code != UNIMPLEMENTED, "");
            };
        }
    }

    private static void keys(GoldenDirectory golden, RangeResponse all, List<String> differences) {
        Map<ByteString, KeyValue> served = new HashMap<>();
        all.getKvsList().forEach(kv -> served.put(kv.getKey(), kv));
        JsonNode live = golden.manifest().path("live");
        boolean sample = golden.name().startsWith("pages-");
        if (!sample && served.size() != live.size()) {
            differences.add(live.size() + " keys expected, got " + served.size());
        }
        for (JsonNode expected : live) {
            KeyValue kv = served.get(ByteString.copyFrom(HexFormat.of().parseHex(expected.path("key").asText())));
            if (kv == null
                    || kv.getCreateRevision() != expected.path("create").asLong()
                    || kv.getModRevision() != expected.path("mod").asLong()
                    || kv.getVersion() != expected.path("version").asLong()
                    || !valueFits(expected, kv)
                    || (expected.has("lease") && kv.getLease() != Long.parseUnsignedLong(expected.path("lease").asText(), 16))) {
                differences.add("key " + expected + ", got " + (kv == null ? "nothing" : kv.toString().replace('\n', ' ')));
            }
        }
    }

    private static boolean valueFits(JsonNode expected, KeyValue kv) {
        return expected.has("valueLength")
                ? expected.path("valueLength").asInt() == kv.getValue().size()
                : expected.path("value").asText("").equals(HexFormat.of().formatHex(kv.getValue().toByteArray()));
    }

    /** The hash at the compacted revision itself may be the one that the compaction stored, so it is left out. */
    private static void hashes(GoldenDirectory golden, EtcdClient client, List<String> differences) {
        for (JsonNode hash : golden.manifest().path("hashKV")) {
            long revision = hash.path("rev").asLong();
            if (revision > hash.path("compactRevision").asLong()) {
                long got = Integer.toUnsignedLong(client.hashKv(revision).orThrow().getHash());
                if (got != hash.path("hash").asLong()) {
                    differences.add("HashKV at " + revision + " expected " + hash.path("hash") + ", got " + got);
                }
            }
        }
    }
}
