/** Tests of watching: a naive model of what every watcher is to hear, and the parts on their own. */
@NullMarked
package io.binnacle.mvcc.watch;

import org.jspecify.annotations.NullMarked;
