package io.binnacle.rpc;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Chooses a handler by path: an exact one, else the longest prefix, else the one for everything. Immutable. */
public final class HttpRoutes implements HttpHandler {

    private final Map<String, HttpHandler> exact;
    private final TreeMap<String, HttpHandler> prefixes;
    private final HttpHandler otherwise;

    private HttpRoutes(Builder builder) {
        exact = Map.copyOf(builder.exact);
        prefixes = new TreeMap<>(builder.prefixes);
        otherwise = builder.otherwise;
    }

    /** Starts a table whose last resort is {@code otherwise}. */
    public static Builder builder(HttpHandler otherwise) {
        return new Builder(otherwise);
    }

    @Override
    public void handle(HttpExchange exchange) {
        find(exchange.path()).handle(exchange);
    }

    /** The handler of a path. */
    public HttpHandler find(String path) {
        HttpHandler handler = exact.get(path);
        if (handler != null) return handler;
        // Any prefix of the path is at or below it in order; a smaller key that is none bounds the next look by what
        // both share, so each step is shorter than the one before.
        String bound = path;
        Map.Entry<String, HttpHandler> below = prefixes.floorEntry(bound);
        while (below != null) {
            String candidate = below.getKey();
            if (path.startsWith(candidate)) return below.getValue();
            bound = path.substring(0, common(path, candidate));
            below = prefixes.floorEntry(bound);
        }
        return otherwise;
    }

    private static int common(String a, String b) {
        int limit = Math.min(a.length(), b.length());
        int at = 0;
        while (at < limit && a.charAt(at) == b.charAt(at)) at++;
        return at;
    }

    /** Collects routes; owned by one thread. */
    public static final class Builder {
        private final Map<String, HttpHandler> exact = new HashMap<>();
        private final TreeMap<String, HttpHandler> prefixes = new TreeMap<>();
        private final HttpHandler otherwise;

        private Builder(HttpHandler otherwise) {
            this.otherwise = otherwise;
        }

        /** Routes one path. */
        public Builder exact(String path, HttpHandler handler) {
            exact.put(path, handler);
            return this;
        }

        /** Routes every path that begins so. */
        public Builder prefix(String prefix, HttpHandler handler) {
            prefixes.put(prefix, handler);
            return this;
        }

        /** The table. */
        public HttpRoutes build() {
            return new HttpRoutes(this);
        }
    }
}
