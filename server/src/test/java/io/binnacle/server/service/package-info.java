/** Tests of this package. */
@NullMarked
package io.binnacle.server.service;

import org.jspecify.annotations.NullMarked;
