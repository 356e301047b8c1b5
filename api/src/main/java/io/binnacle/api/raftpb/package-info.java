/**
 * The messages of consensus, of the log and of {@code .snap} files as records: raftpb, walpb, snappb.
 *
 * <p>They are written as etcd 3.7 writes them: ascending field order, and of each message the fields that a 3.7 member
 * sets, zero or not; so whoever decodes a zero cannot tell whether it was written, except where a record says so.
 * Reading accepts what 3.6 writes too. {@code null} bytes are an absent field, empty bytes a field of length zero.
 *
 * <p>Entry points: {@link Message} between members, {@link WalRecord} in the log. The records are immutable and free to
 * share between threads. The package knows no rule of consensus. Source: the format reference, sections 2.3, 3 and 4.
 */
@NullMarked
package io.binnacle.api.raftpb;

import org.jspecify.annotations.NullMarked;
