package io.binnacle.bench.load;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The calls that loads make. Messages are bytes. */
public enum Method {
    /** KV.Range. */
    RANGE("etcdserverpb.KV/Range", MethodDescriptor.MethodType.UNARY),
    /** KV.Put. */
    PUT("etcdserverpb.KV/Put", MethodDescriptor.MethodType.UNARY),
    /** KV.Txn. */
    TXN("etcdserverpb.KV/Txn", MethodDescriptor.MethodType.UNARY),
    /** KV.Compact. */
    COMPACT("etcdserverpb.KV/Compact", MethodDescriptor.MethodType.UNARY),
    /** Maintenance.Status. */
    STATUS("etcdserverpb.Maintenance/Status", MethodDescriptor.MethodType.UNARY),
    /** Maintenance.Defragment. */
    DEFRAGMENT("etcdserverpb.Maintenance/Defragment", MethodDescriptor.MethodType.UNARY),
    /** Maintenance.Snapshot. */
    SNAPSHOT("etcdserverpb.Maintenance/Snapshot", MethodDescriptor.MethodType.SERVER_STREAMING),
    /** Watch.Watch. */
    WATCH("etcdserverpb.Watch/Watch", MethodDescriptor.MethodType.BIDI_STREAMING);

    private final String path;
    @SuppressWarnings("ImmutableEnumChecker") // it is immutable, only not annotated
    private final MethodDescriptor<byte[], byte[]> descriptor;

    Method(String path, MethodDescriptor.MethodType type) {
        this.path = path;
        descriptor = MethodDescriptor.<byte[], byte[]>newBuilder().setFullMethodName(path).setType(type)
                .setRequestMarshaller(Raw.INSTANCE).setResponseMarshaller(Raw.INSTANCE).build();
    }

    /** Service and method, as in the URL. */
    public String path() {
        return path;
    }

    /** The method alone, as in metrics. */
    public String shortName() {
        return path.substring(path.indexOf('/') + 1);
    }

    MethodDescriptor<byte[], byte[]> descriptor() {
        return descriptor;
    }

    private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("a received message cannot be read", e);
            }
        }
    }
}
