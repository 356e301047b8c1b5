package io.binnacle.server.boot;

import io.binnacle.base.Bytes;
import io.binnacle.rpc.HttpExchange;
import io.binnacle.rpc.HttpHandler;
import io.binnacle.rpc.HttpRoutes;
import io.binnacle.rpc.Metadata;
import io.binnacle.server.apply.SemVer;
import io.binnacle.server.consensus.LocalMember;

/**
 * What a client port answers over HTTP/1.1 besides gRPC: version, health, metrics (shared contract: server.md §3.5, §6,
 * conformance/http.tsv). A metrics port has the same without the version and without CORS.
 */
final class ClientHttp {

    static final Metadata PLAIN = Metadata.of("Content-Type", "text/plain; charset=utf-8");

    private final LocalMember member;
    private final Metrics metrics;
    private final HealthHttp health;
    private final boolean client;

    ClientHttp(LocalMember member, Metrics metrics, boolean client) {
        this.member = member;
        this.metrics = metrics;
        this.health = new HealthHttp(member, metrics, client);
        this.client = client;
    }

    HttpHandler routes() {
        HttpRoutes.Builder routes = HttpRoutes.builder(exchange -> notFound(exchange, client));
        routes.exact("/metrics", this::metrics);
        routes.exact("/health", getOnly(health::health));
        for (String probe : HealthHttp.PROBES) routes.exact(probe, getOnly(health::probe));
        if (client) routes.exact("/version", getOnly(exchange -> version(exchange, member, true)));
        HttpHandler table = routes.build();
        return client ? exchange -> preflight(exchange, table) : table;
    }

    /** Every OPTIONS request to a client port is answered as a browser's question about other origins. */
    private static void preflight(HttpExchange exchange, HttpHandler otherwise) {
        if (exchange.method().equals("OPTIONS")) exchange.respond(200, cors(Metadata.EMPTY, true), Bytes.EMPTY);
        else otherwise.handle(exchange);
    }

    private HttpHandler getOnly(HttpHandler handler) {
        return exchange -> {
            if (exchange.method().equals("GET")) {
                handler.handle(exchange);
                return;
            }
            Metadata headers = Metadata.of("Allow", "GET", "Content-Type", "text/plain; charset=utf-8",
                    "X-Content-Type-Options", "nosniff");
            exchange.respond(405, cors(headers, client), Bytes.utf8("Method Not Allowed\n"));
        };
    }

    static void notFound(HttpExchange exchange, boolean client) {
        Metadata headers = Metadata.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
        exchange.respond(404, cors(headers, client), Bytes.utf8("404 page not found\n"));
    }

    static void version(HttpExchange exchange, LocalMember member, boolean client) {
        SemVer cluster = member.membership().clusterVersion();
        String json = "{\"etcdserver\":\"" + SemVer.SERVER + "\",\"etcdcluster\":\""
                + (cluster == null ? "not_decided" : cluster.toString())
                + "\",\"storage\":\"" + member.storageVersion() + "\"}";
        exchange.respond(200, cors(Metadata.of("Content-Type", "application/json"), client), Bytes.utf8(json));
    }

    private void metrics(HttpExchange exchange) {
        Metadata headers = Metadata.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        exchange.respond(200, cors(headers, client), Bytes.utf8(metrics.text()));
    }

    /** The headers that let any web page read the answers of a client port; other ports send none. */
    static Metadata cors(Metadata headers, boolean client) {
        if (!client) return headers;
        Metadata.Builder all = Metadata.builder();
        for (int at = 0; at < headers.size(); at++) all.add(headers.name(at), headers.value(at));
        return all.add("Access-Control-Allow-Headers", "accept, content-type, authorization")
                .add("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE")
                .add("Access-Control-Allow-Origin", "*")
                .build();
    }
}
