package io.binnacle.server.boot;

import io.binnacle.io.Waker;
import org.jspecify.annotations.Nullable;

/** A waker that is handed out before the thread that it wakes exists. Before that, waking does nothing: all work is done at the start. */
final class LateWaker implements Waker {

    private volatile @Nullable Waker target;

    void target(Waker waker) {
        target = waker;
    }

    @Override
    public void wake() {
        Waker waker = target;
        if (waker != null) waker.wake();
    }
}
