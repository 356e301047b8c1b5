package io.binnacle.proof.process;

import java.util.List;

/**
 * How a server is started, without its flags.
 *
 * @param name for messages, such as {@code etcd 3.7.3}
 * @param version what the server reports as its version; recorded data names another one, and only that string is mapped
 * @param command program and leading arguments
 */
public record ServerCommand(String name, String version, List<String> command) {
    /** Copies the list. */
    public ServerCommand {
        command = List.copyOf(command);
    }
}
