/** Tests of the package of the same name; one class each for what can be judged without a server. */
@NullMarked
package io.binnacle.bench;

import org.jspecify.annotations.NullMarked;
