package io.binnacle.rpc.netty;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallHandler;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Metadata;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.Status;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** grpc's interop test service (grpc/doc/interop-test-descriptions.md) on our ports. */
final class InteropService {

    private static final String NAME = "grpc.testing.TestService";

    private InteropService() {}

    static List<RpcMethod> methods() {
        return List.of(
                new RpcMethod(NAME, "EmptyCall", CallKind.UNARY, TestServer.onMessage((call, _) -> call.reply(Bytes.EMPTY))),
                new RpcMethod(NAME, "UnaryCall", CallKind.UNARY, unary()),
                new RpcMethod(NAME, "StreamingOutputCall", CallKind.SERVER_STREAM, Output::new),
                new RpcMethod(NAME, "StreamingInputCall", CallKind.CLIENT_STREAM, InteropService::input),
                new RpcMethod(NAME, "FullDuplexCall", CallKind.BIDI, Output::new));
    }

    private static <M extends MessageLite> M parse(Parser<M> parser, Bytes message) {
        try {
            return parser.parseFrom(message.toByteArray());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Bytes bytes(MessageLite message) {
        return Bytes.of(message.toByteArray());
    }

    private static Payload payload(int size) {
        return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
    }

    private static Metadata echoHead(Call call) {
        String value = call.headers().get("x-grpc-test-echo-initial");
        return value == null ? Metadata.EMPTY : Metadata.of("x-grpc-test-echo-initial", value);
    }

    private static Metadata echoTrailers(Call call) {
        Bytes value = call.headers().binary("x-grpc-test-echo-trailing-bin");
        return value == null ? Metadata.EMPTY
                : Metadata.builder().addBinary("x-grpc-test-echo-trailing-bin", value).build();
    }

    private static void finish(Call call, EchoStatus status) {
        call.finish(new Status(Code.of(status.getCode()), status.getMessage()), echoTrailers(call));
    }

    private static CallHandler unary() {
        return TestServer.onMessage((call, message) -> {
            SimpleRequest request = parse(SimpleRequest.parser(), message);
            call.responseHeaders(echoHead(call));
            if (request.hasResponseStatus()) {
                finish(call, request.getResponseStatus());
                return;
            }
            call.send(bytes(SimpleResponse.newBuilder().setPayload(payload(request.getResponseSize())).build()));
            call.finish(Status.OK, echoTrailers(call));
        });
    }

    private static CallReceiver input(Call call) {
        call.request(1);
        return new CallReceiver() {
            private int total;

            @Override
            public void message(Bytes message) {
                total += parse(StreamingInputCallRequest.parser(), message).getPayload().getBody().size();
                call.request(1);
            }

            @Override
            public void halfClose() {
                call.reply(bytes(StreamingInputCallResponse.newBuilder().setAggregatedPayloadSize(total).build()));
            }

            @Override
            public void cancelled(Status why) {}
        };
    }

    /** Sends what requests ask for, in order, after their delays, while the client takes it. */
    private static final class Output implements CallReceiver {
        private final Call call;
        private final ArrayDeque<ResponseParameters> queue = new ArrayDeque<>();
        private boolean waiting;
        private boolean last;

        Output(Call call) {
            this.call = call;
            call.responseHeaders(echoHead(call));
            if (call.path().endsWith("FullDuplexCall")) call.request(1);
            else last = true;
        }

        @Override
        public void message(Bytes message) {
            StreamingOutputCallRequest request = parse(StreamingOutputCallRequest.parser(), message);
            if (request.hasResponseStatus()) {
                finish(call, request.getResponseStatus());
                return;
            }
            queue.addAll(request.getResponseParametersList());
            if (!last) call.request(1);
            proceed();
        }

        @Override
        public void halfClose() {
            last = true;
            proceed();
        }

        @Override
        public void writable() {
            proceed();
        }

        @Override
        public void cancelled(Status why) {
            queue.clear();
        }

        private void proceed() {
            while (!waiting && !call.ended() && call.writable()) {
                ResponseParameters next = queue.poll();
                if (next == null) {
                    if (last) call.finish(Status.OK, echoTrailers(call));
                    return;
                }
                if (next.getIntervalUs() == 0) {
                    send(next);
                } else {
                    waiting = true;
                    var unused = call.loop().schedule(() -> {
                        waiting = false;
                        send(next);
                        proceed();
                    }, TimeUnit.MICROSECONDS.toNanos(next.getIntervalUs()));
                }
            }
        }

        private void send(ResponseParameters next) {
            call.send(bytes(StreamingOutputCallResponse.newBuilder().setPayload(payload(next.getSize())).build()));
        }
    }
}
