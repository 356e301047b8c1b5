package io.binnacle.mvcc;

/** What became of a request. */
public sealed interface Outcome {

    /**
     * It was carried out.
     *
     * @param headerRevision the revision for the response's header
     * @param body the response's fields after the header; close it
     * @param events what was changed, for watchers; empty for reads
     */
    record Done(long headerRevision, ResponseBody body, EventBatch events) implements Outcome {

        /** The answer of a request that changed nothing. */
        static Done read(long headerRevision, ResponseBody body) {
            return new Done(headerRevision, body, new EventBatch(headerRevision, java.util.List.of()));
        }
    }

    /** It was not, and nothing changed. */
    record Refused(KvRefusal why) implements Outcome {}
}
