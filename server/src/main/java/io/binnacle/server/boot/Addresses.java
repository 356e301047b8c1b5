package io.binnacle.server.boot;

import io.binnacle.server.consensus.StartError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Listen URLs as socket addresses. */
final class Addresses {

    private Addresses() {}

    /** The addresses of validated {@code http} URLs, in order, without repetition. */
    static List<InetSocketAddress> of(List<String> urls) throws StartError {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String url : urls) {
            URI uri = URI.create(url);
            String host = uri.getHost().replace("[", "").replace("]", "");
            try {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), uri.getPort());
                if (!addresses.contains(address)) addresses.add(address);
            } catch (UnknownHostException unknown) {
                throw new StartError("listen tcp: lookup " + host + ": no such host", unknown);
            }
        }
        return addresses;
    }

    /** {@code host:port} as it stands in logs. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
