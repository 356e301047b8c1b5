package io.binnacle.rpc;

/** The service's side of one method. */
@FunctionalInterface
public interface CallHandler {

    /**
     * A call begins: its headers have arrived, its first message may not have. Runs on the call's loop and must not
     * block. The call may be answered or ended at once; the receiver then hears nothing more.
     */
    CallReceiver start(Call call);
}
