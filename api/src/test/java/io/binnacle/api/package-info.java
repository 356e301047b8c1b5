/** Tests of the wire contracts, and what they share: random encodings, the folder of recorded data. */
@NullMarked
package io.binnacle.api;

import org.jspecify.annotations.NullMarked;
