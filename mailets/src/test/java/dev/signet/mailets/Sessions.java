// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import org.apache.james.protocols.smtp.SMTPSession;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.Optional;

/** SMTP sessions as a hook sees them. What a hook must not ask (getProxyInformation, for one) is not answered. */
final class Sessions {

    private Sessions() {}

    /** A client that said EHLO, without TLS and without AUTH. */
    static SMTPSession from(String address) {
        return session(new InetSocketAddress(address, 40_000));
    }

    /** A session that fails whatever it is asked. */
    static SMTPSession broken() {
        return session(null);
    }

    private static SMTPSession session(InetSocketAddress client) {
        return (SMTPSession) Proxy.newProxyInstance(SMTPSession.class.getClassLoader(), new Class<?>[] {SMTPSession.class},
                (proxy, method, arguments) -> switch (client == null ? "broken" : method.getName()) {
                    case "getRemoteAddress" -> client;
                    case "getAttachment" -> Optional.of("client.example");
                    case "getSSLSession" -> Optional.empty();
                    case "getUsername" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
