/** What the tests of all packages of this module share, and the rules that hold between them. */
@NullMarked
package io.binnacle.server;

import org.jspecify.annotations.NullMarked;
