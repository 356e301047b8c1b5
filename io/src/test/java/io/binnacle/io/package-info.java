/** Tests of the real files, pages and agents on the machine's own file system. */
@NullMarked
package io.binnacle.io;

import org.jspecify.annotations.NullMarked;
