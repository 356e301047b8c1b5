package io.binnacle.raft.core;

import io.binnacle.raft.Message;
import io.binnacle.raft.ReadState;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for the next ready. Messages that promise something durable wait apart: they leave only when all that was
 * given out with them, or before, is stored.
 */
final class Outbox {

    private List<Message> messages = new ArrayList<>();
    private List<Message> afterAppend = new ArrayList<>();
    private List<ReadState> readStates = new ArrayList<>();

    void send(Message message) {
        messages.add(message);
    }

    void sendAfterAppend(Message message) {
        afterAppend.add(message);
    }

    void answerRead(ReadState state) {
        readStates.add(state);
    }

    boolean isEmpty() {
        return messages.isEmpty() && afterAppend.isEmpty() && readStates.isEmpty();
    }

    List<Message> takeMessages() {
        if (messages.isEmpty()) return new ArrayList<>(2); // the storage messages may follow
        List<Message> taken = messages;
        messages = new ArrayList<>(taken.size());
        return taken;
    }

    List<Message> takeAfterAppend() {
        if (afterAppend.isEmpty()) return List.of();
        List<Message> taken = afterAppend;
        afterAppend = new ArrayList<>(taken.size());
        return taken;
    }

    List<ReadState> takeReadStates() {
        if (readStates.isEmpty()) return List.of();
        List<ReadState> taken = readStates;
        readStates = new ArrayList<>(taken.size());
        return taken;
    }
}
