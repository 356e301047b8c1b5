package io.binnacle.rpc.netty;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What a connection knows of its other end. */
record Peer(String address, boolean secure, List<X509Certificate> certificates) {

    static Peer of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return new Peer(text(channel.remoteAddress()), tls != null, tls == null ? List.of() : chain(tls));
    }

    private static String text(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return "@"; // a Unix socket without a name, as Go writes it
    }

    private static List<X509Certificate> chain(SslHandler tls) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) chain.add(x509);
            }
            return List.copyOf(chain);
        } catch (SSLPeerUnverifiedException none) {
            return List.of(); // no client certificate was given, or none asked for
        }
    }
}
