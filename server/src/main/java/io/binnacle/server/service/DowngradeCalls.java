package io.binnacle.server.service;

import io.binnacle.api.etcdserverpb.DowngradeRequest;
import io.binnacle.api.etcdserverpb.DowngradeResponse;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.api.membershippb.DowngradeInfoSetRequest;
import io.binnacle.base.Bytes;
import io.binnacle.rpc.Call;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.Outcome;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.apply.SemVer;
import org.jspecify.annotations.Nullable;

/** Maintenance.Downgrade: validate, enable, cancel (shared contract: api.md §9.8). */
final class DowngradeCalls {

    private final Services services;

    DowngradeCalls(Services services) {
        this.services = services;
    }

    void handle(Call call, DowngradeRequest request) {
        if (!services.administers(call)) return;
        switch (request.getAction()) {
            case VALIDATE, ENABLE -> validate(call, request);
            case CANCEL -> services.afterBarrier(call, () -> cancel(call));
            case UNRECOGNIZED -> Services.refuse(call, Refusal.UNKNOWN_METHOD);
        }
    }

    private void validate(Call call, DowngradeRequest request) {
        SemVer target = SemVer.parse(request.getVersion());
        if (target == null) {
            Services.refuse(call, Refusal.WRONG_DOWNGRADE_VERSION_FORMAT);
            return;
        }
        if (services.member().membership().clusterVersion() == null) {
            Services.refuse(call, Refusal.CLUSTER_VERSION_UNAVAILABLE);
            return;
        }
        services.afterBarrier(call, () -> {
            Refusal refusal = judge(services.member().membership(), target);
            if (refusal != null) Services.refuse(call, refusal);
            else if (request.getAction() == DowngradeRequest.DowngradeAction.ENABLE) enable(call, target);
            else answer(call);
        });
    }

    private static @Nullable Refusal judge(Membership.State cluster, SemVer target) {
        SemVer current = cluster.clusterVersion();
        if (current == null) return Refusal.CLUSTER_VERSION_UNAVAILABLE;
        if (!target.isSameMinor(current.oneMinorBelow())) return Refusal.INVALID_DOWNGRADE_TARGET;
        return cluster.downgrade().enabled() ? Refusal.DOWNGRADE_IN_PROCESS : null;
    }

    private void enable(Call call, SemVer target) {
        DowngradeInfoSetRequest set = DowngradeInfoSetRequest.newBuilder()
                .setEnabled(true).setVer(target.minorOnly().toString()).build();
        propose(set, outcome -> call.loop().execute(() -> {
            switch (outcome) {
                case Outcome.Done _ -> answer(call);
                case Outcome.Refused(Refusal why) -> Services.refuse(call, why);
            }
        }));
    }

    /** Whatever goes wrong, "there is nothing to cancel" included, the client is told that all is well, as etcd does. */
    private void cancel(Call call) {
        if (!services.member().membership().downgrade().enabled()) {
            answer(call);
            return;
        }
        propose(DowngradeInfoSetRequest.newBuilder().setEnabled(false).build(),
                outcome -> call.loop().execute(() -> answer(call)));
    }

    private void propose(DowngradeInfoSetRequest set, java.util.function.Consumer<Outcome> then) {
        services.member().proposals().propose(Kind.DOWNGRADE_INFO_SET, Bytes.of(set.toByteArray()), Identity.NONE,
                then::accept);
    }

    private void answer(Call call) {
        SemVer version = services.member().membership().clusterVersion();
        DowngradeResponse response = DowngradeResponse.newBuilder()
                .setVersion(version == null ? "" : version.majorMinor()).build();
        services.reply(call, 0, Bytes.of(response.toByteArray()));
    }
}
