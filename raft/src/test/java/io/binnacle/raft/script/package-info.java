/** Reader of scripts with golden output, and the describing of messages as those scripts show them. Test code. */
@NullMarked
package io.binnacle.raft.script;

import org.jspecify.annotations.NullMarked;
