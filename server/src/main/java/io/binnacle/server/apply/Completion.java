package io.binnacle.server.apply;

/**
 * Takes the outcome of a command, once. Called by the agent that has it, mostly the apply agent: hand it on to the
 * call's loop and return.
 */
@FunctionalInterface
public interface Completion {

    /** The command was carried out or refused. */
    void complete(Outcome outcome);
}
