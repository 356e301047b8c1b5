package io.binnacle.mvcc;

import io.binnacle.base.Bytes;

/**
 * One change of a transaction.
 *
 * @param put whether the key was put; otherwise it was deleted
 * @param key the key
 * @param keyValue the stored record: the encoded {@code KeyValue} of a put, one with the key alone of a deletion
 * @param create whether the put made the key
 */
public record Event(boolean put, Bytes key, Bytes keyValue, boolean create) {}
