package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.base.Check;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A view of the model: a copy of its own. Strict about holds, so that tests find a reader without one. */
final class ModelView implements BackendView {
    private final ModelContents contents;
    private final AtomicInteger holds = new AtomicInteger(1);

    ModelView(ModelContents contents) {
        this.contents = contents;
    }

    @Override
    public boolean acquire() {
        return holds.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    @Override
    public void release() {
        Check.that(holds.getAndDecrement() > 0, "a view released more often than acquired");
    }

    @Override
    public @Nullable Bytes get(Bucket bucket, Bytes key) {
        checkHeld();
        return contents.pairs(bucket).get(key);
    }

    @Override
    public void scan(Bucket bucket, Bytes from, @Nullable Bytes to, ScanVisitor visitor) {
        checkHeld();
        contents.scan(bucket, from, to, visitor);
    }

    @Override
    public RevisionReader revisions() {
        return (main, sub) -> get(Bucket.KEY, RevisionKey.put(main, sub));
    }

    private void checkHeld() {
        Check.that(holds.get() > 0, "a view is read that nobody holds");
    }
}
