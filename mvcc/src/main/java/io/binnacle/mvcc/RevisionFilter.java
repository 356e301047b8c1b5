package io.binnacle.mvcc;

import io.binnacle.api.kv.Range;
import io.binnacle.mvcc.index.KeyRevision;

/** The four bounds of a range request, inclusive; 0 is none, a negative one is taken as it is (api.md 2.2, step 7). */
record RevisionFilter(long minMod, long maxMod, long minCreate, long maxCreate) {

    static RevisionFilter of(Range request) {
        return new RevisionFilter(request.minModRevision(), request.maxModRevision(),
                request.minCreateRevision(), request.maxCreateRevision());
    }

    boolean accepts(KeyRevision revision) {
        return (maxMod == 0 || revision.main() <= maxMod)
                && (minMod == 0 || revision.main() >= minMod)
                && (maxCreate == 0 || revision.create() <= maxCreate)
                && (minCreate == 0 || revision.create() >= minCreate);
    }
}
