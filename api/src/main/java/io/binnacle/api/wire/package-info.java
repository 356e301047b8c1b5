/**
 * Protocol-buffer bytes, read and written by hand: {@link ProtoReader}, {@link ProtoWriter}, and the structural
 * judgement of a client's request before its bytes go into a log entry.
 *
 * <p>Objects here belong to one thread at a time and do no I/O. The package knows the encoding, not etcd's messages;
 * those are in the packages beside it.
 */
@NullMarked
package io.binnacle.api.wire;

import org.jspecify.annotations.NullMarked;
