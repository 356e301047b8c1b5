package io.binnacle.mvcc.model;

import com.google.protobuf.ByteString;
import io.binnacle.api.etcdserverpb.DeleteRangeResponse;
import io.binnacle.api.etcdserverpb.PutResponse;
import io.binnacle.api.etcdserverpb.RangeResponse;
import io.binnacle.api.etcdserverpb.ResponseHeader;
import io.binnacle.api.etcdserverpb.ResponseOp;
import io.binnacle.api.etcdserverpb.TxnResponse;
import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.api.mvccpb.KeyValue;
import io.binnacle.backend.RevisionKey;
import io.binnacle.base.Bytes;
import io.binnacle.base.Crc32c;
import io.binnacle.mvcc.KvRefusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What api.md says, in the plainest way: a list of all changes ever, replayed for every question. */
public final class NaiveStore {

    /** One change; {@code pair} is null if it deleted the key. */
    public record Change(long main, int sub, Bytes key, @Nullable KeyValue pair) {}

    /** An answer, or why there is none. */
    public record Answer(@Nullable Object message, @Nullable KvRefusal refusal) {}

    /** A hash with the revisions it was made of. */
    public record Hash(int hash, long revision, long compactRevision) {}

    private final List<Change> log = new ArrayList<>();
    /** What a member that finished its compactions has on disk. */
    private List<Change> stored = new ArrayList<>();
    private final Map<Long, Hash> cached = new HashMap<>();
    private final Set<Long> leases;
    private long revision = 1;
    private long compactRevision = -1;

    /** A store with these leases granted. */
    public NaiveStore(Set<Long> leases) {
        this.leases = leases;
    }

    public long revision() {
        return revision;
    }

    public long compactRevision() {
        return compactRevision;
    }

    public List<Change> log() {
        return log;
    }

    /** The pairs as of a revision. */
    public SortedMap<Bytes, KeyValue> at(long at) {
        SortedMap<Bytes, KeyValue> state = new TreeMap<>();
        for (Change change : log) {
            if (change.main > at) break;
            if (change.pair == null) state.remove(change.key);
            else state.put(change.key, change.pair);
        }
        return state;
    }

    public Answer put(Put request) {
        return write(List.of(request), true, new IdentityHashMap<>());
    }

    public Answer deleteRange(DeleteRange request) {
        return write(List.of(request), true, new IdentityHashMap<>());
    }

    /** A transaction that may write, or only reads. */
    public Answer txn(Txn request) {
        IdentityHashMap<Txn, Boolean> path = new IdentityHashMap<>();
        fix(request, at(revision), path);
        return write(List.of(request), false, path);
    }

    private void fix(Txn txn, SortedMap<Bytes, KeyValue> state, IdentityHashMap<Txn, Boolean> path) {
        boolean holds = txn.compares().stream().allMatch(compare -> holds(compare, state));
        path.put(txn, holds);
        for (Op op : holds ? txn.success() : txn.failure()) if (op instanceof Txn nested) fix(nested, state, path);
    }

    private Answer write(List<Op> ops, boolean single, IdentityHashMap<Txn, Boolean> path) {
        SortedMap<Bytes, KeyValue> before = at(revision);
        KvRefusal refusal = dryCheck(ops, before, path);
        if (refusal != null) return new Answer(null, refusal);
        Execution execution = new Execution(before, path);
        ResponseOp response = execution.run(ops.getFirst());
        if (!execution.changes.isEmpty()) {
            revision++;
            log.addAll(execution.changes);
            stored.addAll(execution.changes);
        }
        if (!single) return new Answer(response.getResponseTxn().toBuilder().clearHeader().build(), null);
        return new Answer(response.hasResponsePut()
                ? response.getResponsePut().toBuilder().clearHeader().build()
                : response.getResponseDeleteRange().toBuilder().clearHeader().build(), null);
    }

    private @Nullable KvRefusal dryCheck(List<Op> ops, SortedMap<Bytes, KeyValue> before, IdentityHashMap<Txn, Boolean> path) {
        for (Op op : ops) {
            KvRefusal refusal = switch (op) {
                case Range r when r.revision() > revision -> KvRefusal.FUTURE_REVISION;
                case Range r when r.revision() != 0 && r.revision() < compactRevision -> KvRefusal.COMPACTED;
                case Put p when p.lease() != 0 && !leases.contains(p.lease()) -> KvRefusal.LEASE_NOT_FOUND;
                case Put p when (p.ignoreLease() || p.ignoreValue()) && !before.containsKey(p.key()) ->
                        KvRefusal.KEY_NOT_FOUND;
                case Txn t -> dryCheck(Boolean.TRUE.equals(path.get(t)) ? t.success() : t.failure(), before, path);
                default -> null;
            };
            if (refusal != null) return refusal;
        }
        return null;
    }

    /** Operations of one entry, on a state of their own. */
    private final class Execution {
        final SortedMap<Bytes, KeyValue> state;
        final IdentityHashMap<Txn, Boolean> path;
        final List<Change> changes = new ArrayList<>();

        Execution(SortedMap<Bytes, KeyValue> state, IdentityHashMap<Txn, Boolean> path) {
            this.state = state;
            this.path = path;
        }

        ResponseHeader header() {
            return ResponseHeader.newBuilder().setRevision(changes.isEmpty() ? revision : revision + 1).build();
        }

        ResponseOp run(Op op) {
            ResponseOp.Builder response = ResponseOp.newBuilder();
            switch (op) {
                case Range r -> {
                    SortedMap<Bytes, KeyValue> from = r.revision() <= 0 ? state : at(r.revision());
                    response.setResponseRange(select(from, r).setHeader(header()));
                }
                case Put p -> response.setResponsePut(put(p).setHeader(header()));
                case DeleteRange d -> {
                    DeleteRangeResponse.Builder deleted = DeleteRangeResponse.newBuilder();
                    for (Bytes key : new ArrayList<>(within(state, d.key(), d.rangeEnd()).keySet())) {
                        KeyValue old = state.remove(key);
                        if (d.prevKv()) deleted.addPrevKvs(old);
                        deleted.setDeleted(deleted.getDeleted() + 1);
                        changes.add(new Change(revision + 1, changes.size(), key, null));
                    }
                    response.setResponseDeleteRange(deleted.setHeader(header()));
                }
                case Txn t -> {
                    boolean holds = Boolean.TRUE.equals(path.get(t));
                    TxnResponse.Builder txn = TxnResponse.newBuilder().setSucceeded(holds);
                    txn.setHeader(ResponseHeader.getDefaultInstance());
                    for (Op inner : holds ? t.success() : t.failure()) txn.addResponses(run(inner));
                    response.setResponseTxn(txn);
                }
                case Op.None _ -> throw new IllegalStateException();
            }
            return response.build();
        }

        private PutResponse.Builder put(Put p) {
            KeyValue old = state.get(p.key());
            KeyValue.Builder pair = KeyValue.newBuilder().setKey(string(p.key())).setModRevision(revision + 1)
                    .setCreateRevision(old == null ? revision + 1 : old.getCreateRevision())
                    .setVersion(old == null ? 1 : old.getVersion() + 1)
                    .setValue(p.ignoreValue() ? old == null ? ByteString.EMPTY : old.getValue() : string(p.value()))
                    .setLease(p.ignoreLease() ? old == null ? 0 : old.getLease() : p.lease());
            state.put(p.key(), pair.build());
            changes.add(new Change(revision + 1, changes.size(), p.key(), pair.build()));
            PutResponse.Builder response = PutResponse.newBuilder();
            if (p.prevKv() && old != null) response.setPrevKv(old);
            return response;
        }
    }

    /** A range on the store as it was when it stood at {@code current} and was compacted at {@code compacted}. */
    public Answer range(Range request, long current, long compacted) {
        if (request.revision() > current) return new Answer(null, KvRefusal.FUTURE_REVISION);
        if (request.revision() > 0 && request.revision() < compacted) return new Answer(null, KvRefusal.COMPACTED);
        return new Answer(select(at(request.revision() <= 0 ? current : request.revision()), request).build(), null);
    }

    private static RangeResponse.Builder select(SortedMap<Bytes, KeyValue> state, Range r) {
        List<KeyValue> found = new ArrayList<>(within(state, r.key(), r.rangeEnd()).values());
        RangeResponse.Builder answer = RangeResponse.newBuilder().setCount(found.size());
        if (r.countOnly()) return answer;
        boolean filters = (r.minModRevision() | r.maxModRevision() | r.minCreateRevision() | r.maxCreateRevision()) != 0;
        boolean natural = r.sortOrder() == 0 || (r.sortTarget() == 0 && r.sortOrder() == 1);
        if (natural && !filters && r.limit() > 0 && found.size() > r.limit() + 1) {
            found = found.subList(0, (int) r.limit() + 1);
        }
        List<KeyValue> kept = new ArrayList<>(found);
        kept.removeIf(kv -> r.maxModRevision() != 0 && kv.getModRevision() > r.maxModRevision());
        kept.removeIf(kv -> r.minModRevision() != 0 && kv.getModRevision() < r.minModRevision());
        kept.removeIf(kv -> r.maxCreateRevision() != 0 && kv.getCreateRevision() > r.maxCreateRevision());
        kept.removeIf(kv -> r.minCreateRevision() != 0 && kv.getCreateRevision() < r.minCreateRevision());
        Comparator<KeyValue> order = switch (r.sortTarget()) {
            case 1 -> Comparator.comparingLong(KeyValue::getVersion);
            case 2 -> Comparator.comparingLong(KeyValue::getCreateRevision);
            case 3 -> Comparator.comparingLong(KeyValue::getModRevision);
            case 4 -> Comparator.comparing(kv -> bytes(kv.getValue()));
            default -> Comparator.comparing(kv -> bytes(kv.getKey()));
        };
        kept.sort(r.sortOrder() == 2 ? order.reversed() : order);
        if (r.limit() > 0 && kept.size() > r.limit()) {
            kept = kept.subList(0, (int) r.limit());
            answer.setMore(true);
        }
        for (KeyValue kv : kept) {
            KeyValue.Builder shown = kv.toBuilder();
            if (r.keysOnly()) shown.clearValue();
            if (r.keysOnly() && r.sortTarget() != 4) shown.clearLease();
            answer.addKvs(shown);
        }
        return answer;
    }

    private static boolean holds(Compare compare, SortedMap<Bytes, KeyValue> state) {
        List<KeyValue> found = new ArrayList<>(within(state, compare.key(), compare.rangeEnd()).values());
        if (found.isEmpty()) {
            if (compare.target() == 3) return false;
            found.add(KeyValue.getDefaultInstance());
        }
        return found.stream().allMatch(kv -> holds(compare, kv));
    }

    private static boolean holds(Compare c, KeyValue kv) {
        int order = switch (c.target()) {
            case 0 -> Long.compare(kv.getVersion(), c.operandField() == 4 ? c.number() : 0);
            case 1 -> Long.compare(kv.getCreateRevision(), c.operandField() == 5 ? c.number() : 0);
            case 2 -> Long.compare(kv.getModRevision(), c.operandField() == 6 ? c.number() : 0);
            case 3 -> bytes(kv.getValue()).compareTo(c.operandField() == 7 ? c.value() : Bytes.EMPTY);
            case 4 -> Long.compare(kv.getLease(), c.operandField() == 8 ? c.number() : 0);
            default -> 0;
        };
        return switch (c.result()) {
            case 0 -> order == 0;
            case 1 -> order > 0;
            case 2 -> order < 0;
            case 3 -> order != 0;
            default -> true;
        };
    }

    private static SortedMap<Bytes, KeyValue> within(SortedMap<Bytes, KeyValue> state, Bytes key, Bytes end) {
        if (end.isEmpty()) return state.subMap(key, key.append((byte) 0));
        if (end.equals(Bytes.of(new byte[1]))) return state.tailMap(key);
        return end.compareTo(key) <= 0 ? new TreeMap<>() : state.subMap(key, end);
    }

    /** The refusal, or null. {@code hashed}: whether all earlier compactions have finished. */
    public @Nullable KvRefusal compact(long at, boolean hashed) {
        if (at <= compactRevision) return KvRefusal.COMPACTED;
        if (at > revision) return KvRefusal.FUTURE_REVISION;
        if (hashed) cached.put(at, new Hash(crc(at, newestAt(at, true), compactRevision), at, compactRevision));
        if (cached.size() > 10) cached.remove(cached.keySet().stream().min(Comparator.naturalOrder()).orElseThrow());
        List<Change> newest = newestAt(at, true);
        List<Change> kept = new ArrayList<>(stored);
        kept.removeIf(change -> change.main <= at && !newest.contains(change));
        stored = kept;
        compactRevision = at;
        return null;
    }

    /** A new process knows no hashes of old compactions. */
    public void restart() {
        cached.clear();
    }

    /** What a compaction at the revision keeps of what is not above it. */
    private List<Change> newestAt(long at, boolean tombstonesThere) {
        Map<Bytes, Change> newest = new HashMap<>();
        for (Change change : stored) if (change.main <= at) newest.put(change.key, change);
        newest.values().removeIf(change -> change.pair == null && (!tombstonesThere || change.main < at));
        return new ArrayList<>(newest.values());
    }

    /** HashKV of a member whose compactions have finished; null: refused. */
    public @Nullable Hash hash(long at) {
        Hash known = cached.get(at);
        if (known != null) return known;
        if (at > revision || (at > 0 && at < compactRevision)) return null;
        long resolved = at == 0 ? revision : at;
        return new Hash(crc(resolved, newestAt(resolved, false), compactRevision), resolved, compactRevision);
    }

    private int crc(long at, List<Change> keep, long compacted) {
        int crc = Crc32c.update(0, Bytes.utf8("key"));
        for (Change change : stored) {
            if (change.main > at) continue;
            if (change.main <= compacted && !keep.isEmpty() && !keep.contains(change)) continue;
            if (change.main == compacted && change.pair == null) continue;
            crc = Crc32c.update(crc, change.pair == null
                    ? RevisionKey.tombstone(change.main, change.sub) : RevisionKey.put(change.main, change.sub));
            KeyValue record = change.pair != null ? change.pair : KeyValue.newBuilder().setKey(string(change.key)).build();
            crc = Crc32c.update(crc, Bytes.of(record.toByteArray()));
        }
        return crc;
    }

    private static ByteString string(Bytes bytes) {
        return ByteString.copyFrom(bytes.toByteArray());
    }

    private static Bytes bytes(ByteString string) {
        return Bytes.of(string.toByteArray());
    }
}
