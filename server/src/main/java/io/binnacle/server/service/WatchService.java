package io.binnacle.server.service;

import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.io.Agent;
import io.binnacle.io.Waker;
import io.binnacle.mvcc.EventBatch;
import io.binnacle.mvcc.MvccView;
import io.binnacle.mvcc.watch.WatchHub;
import io.binnacle.mvcc.watch.WatchLimits;
import io.binnacle.mvcc.watch.WatchSource;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallKind;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Loop;
import io.binnacle.rpc.RpcMethod;
import io.binnacle.server.consensus.LocalMember;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** etcd's Watch service: connects watch streams to the watch shards of their loops (shared contract: api.md §6). */
public final class WatchService {

    private final Services services;
    private final WatchHub hub;
    private final long progressNanos;
    private final List<RandomGenerator> randoms;

    /**
     * The service of a member.
     *
     * @param loops all loops on which calls may run
     * @param progressNanos the time between progress reports of one watcher
     * @param catchUpWaker wakes the agent of {@link #catchUp}
     * @param random the source of the streams' jitter
     */
    public WatchService(Services services, List<? extends Loop> loops, long progressNanos, Waker catchUpWaker,
            SplittableRandom random) {
        this.services = services;
        this.progressNanos = progressNanos;
        List<Executor> executors = new ArrayList<>();
        List<RandomGenerator> forLoops = new ArrayList<>(); // one each, since none may be shared between threads
        for (Loop loop : loops) {
            executors.add(loop::execute);
            forLoops.add(random.split());
        }
        this.randoms = List.copyOf(forLoops);
        WatchLimits limits = WatchLimits.defaults(services.maxRequestBytes() + Services.GRPC_OVERHEAD_BYTES);
        this.hub = new WatchHub(executors, new Source(services.member()), limits, services.member().clock(), catchUpWaker);
    }

    /** The service's methods. */
    public List<RpcMethod> methods() {
        return List.of(new RpcMethod("etcdserverpb.Watch", "Watch", CallKind.BIDI, this::start));
    }

    /** Changes that can now be read. Apply agent, once per published state; never waits. */
    public void changed(List<EventBatch> batches) {
        hub.publish(batches);
    }

    /** The agent that reads what watchers missed. */
    public Agent catchUp() {
        return hub.catchUp();
    }

    /** The watchers behind it, for metrics and for a store that was replaced. */
    public WatchHub hub() {
        return hub;
    }

    private CallReceiver start(Call call) {
        int loop = call.loop().index();
        return new WatchCall(services, call, hub.shard(loop), progressNanos, randoms.get(loop));
    }

    private record Source(LocalMember member) implements WatchSource {

        @Override
        public MvccView hold() {
            return member.hold().kv();
        }

        @Override
        public long revision() {
            return member.published().kv().revision();
        }

        @Override
        public ResponseHeader header(long revision) {
            return new ResponseHeader(member.clusterId(), member.id(), revision, member.published().appliedTerm());
        }
    }
}
