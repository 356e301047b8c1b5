package io.binnacle.server.consensus;

import io.binnacle.backend.Backend;
import io.binnacle.io.Agent;
import io.binnacle.io.Clock;
import io.binnacle.mvcc.MvccStore;
import io.binnacle.server.apply.Alarms;
import io.binnacle.server.apply.Leases;
import io.binnacle.server.apply.Membership;
import io.binnacle.server.apply.Quota;
import io.binnacle.wal.SegmentPipeline;

/** What {@link MemberStart} has put together for {@link LocalMember}. */
record MemberParts(Clock clock, Backend backend, MvccStore store, Leases leases, Alarms alarms, Membership membership,
        Quota quota, ApplyLoop apply, LogWriter logWriter, Consensus consensus, Snapshots snapshots, Agent compactor, SegmentPipeline segmentPipeline) {}
