package io.binnacle.rpc.netty;

import io.binnacle.base.Check;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.rpc.RpcObserver;
import io.binnacle.rpc.Status;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of a server as one loop finds them, by path. Immutable. */
final class MethodTable {

    /** A method with its counters on this loop. */
    record Entry(RpcMethod method, String path, RpcObserver.MethodObserver observer) {}

    private final Map<AsciiString, Entry> byPath = new HashMap<>();
    private final Set<String> services = new HashSet<>();

    MethodTable(List<RpcMethod> methods, RpcObserver observer, int loopIndex) {
        for (RpcMethod method : methods) {
            String path = method.path();
            Entry entry = new Entry(method, path, observer.method(method, loopIndex));
            Entry before = byPath.put(AsciiString.of(path), entry);
            Check.that(before == null, "method offered twice");
            services.add(method.service());
        }
    }

    /** The method of a path as HTTP/2 headers hold it; null if there is none. */
    @Nullable Entry find(CharSequence path) {
        return byPath.get(path instanceof AsciiString ascii ? ascii : AsciiString.of(path));
    }

    /** What a client hears of a path that is not there. */
    Status unknown(CharSequence path) {
        String text = path.toString();
        int slash = text.lastIndexOf('/');
        if (slash < 1 || text.charAt(0) != '/') return new Status(Code.UNIMPLEMENTED, "malformed method name: " + GoText.quote(text));
        String service = text.substring(1, slash);
        return new Status(Code.UNIMPLEMENTED, services.contains(service)
                ? "unknown method " + utf8(text.substring(slash + 1)) + " for service " + service
                : "unknown service " + utf8(service));
    }

    /** Text of the wire, a char a byte, as it reads in a status message. */
    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
