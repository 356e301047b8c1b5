package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One scan over several layers: of equal keys the first source's wins. For one thread, used once. */
final class MergedScan {

    /** A source and its current pair. */
    private static final class Head {
        final PairSource source;
        Bytes key;

        Head(PairSource source) {
            this.source = source;
            this.key = source.key();
        }
    }

    private final List<Head> heads = new ArrayList<>();

    /** Takes sources of descending precedence that stand before their first pair. */
    MergedScan(List<PairSource> sources) {
        for (PairSource source : sources) {
            if (source.advance()) heads.add(new Head(source));
        }
    }

    void run(@Nullable Bytes to, BackendView.ScanVisitor visitor) {
        while (!heads.isEmpty()) {
            Head winner = heads.getFirst();
            for (int at = 1; at < heads.size(); at++) { // few layers: a heap would cost more
                Head other = heads.get(at);
                if (other.key.compareTo(winner.key) < 0) winner = other;
            }
            Bytes key = winner.key;
            if (to != null && key.compareTo(to) >= 0) return;
            Bytes value = winner.source.value();
            if (!OverlayMap.isTombstone(value) && !visitor.accept(key, value)) return;
            if (heads.size() == 1) {
                advance(0);
                continue;
            }
            for (int at = heads.size() - 1; at >= 0; at--) {
                if (heads.get(at).key.equals(key)) advance(at);
            }
        }
    }

    private void advance(int at) {
        Head head = heads.get(at);
        if (head.source.advance()) head.key = head.source.key();
        else heads.remove(at);
    }
}
