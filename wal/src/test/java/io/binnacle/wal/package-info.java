/** Tests of the log: real etcd's files, damage, and crashes at every step; fixtures for other rooms' tests. */
@NullMarked
package io.binnacle.wal;

import org.jspecify.annotations.NullMarked;
