package io.binnacle.server.apply;

import io.binnacle.mvcc.EventBatch;

/** What applying tells the rest of the member. Called by the apply agent, in log order; must not block. */
public interface ApplyEvents {

    /** A transaction changed keys; readers may not see them before the batch's view is published. */
    void changed(EventBatch batch);

    /** A write was applied although the database is over its quota, and no alarm says so yet. */
    void quotaExceeded();

    /** The cluster version was lowered: a snapshot on disk is needed before the members change. */
    void snapshotNeeded();

    /** The cluster version changed. */
    void clusterVersionChanged(SemVer version);
}
