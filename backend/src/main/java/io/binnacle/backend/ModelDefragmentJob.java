package io.binnacle.backend;

/** A job with nothing to do. */
record ModelDefragmentJob(long bytesBefore) implements DefragmentJob {

    @Override
    public State state() {
        return State.DONE;
    }

    @Override
    public long bytesAfter() {
        return bytesBefore;
    }

    @Override
    public long pagesMoved() {
        return 0;
    }

    @Override
    public double progress() {
        return 1;
    }

    @Override
    public void cancel() {}

    @Override
    public void onSettled(Runnable action) {
        action.run();
    }
}
