package io.binnacle.mvcc;

/** Why a key-value request was not carried out. Nothing was changed. The service knows the texts. */
public enum KvRefusal {
    /** No key was given. */
    EMPTY_KEY,
    /** A value came with a request to keep the old one. */
    VALUE_PROVIDED,
    /** A lease came with a request to keep the old one. */
    LEASE_PROVIDED,
    /** A sort order or target that does not exist. */
    INVALID_SORT_OPTION,
    /** More operations or guards in a transaction than allowed. */
    TOO_MANY_OPS,
    /** A path of the transaction would put a key twice, or put and delete it. */
    DUPLICATE_KEY,
    /** The key whose value or lease is to be kept does not exist, or an operation of a transaction is not set. */
    KEY_NOT_FOUND,
    /** The lease to attach to does not exist. */
    LEASE_NOT_FOUND,
    /** The revision is older than the last compaction. */
    COMPACTED,
    /** The revision has not been written yet. */
    FUTURE_REVISION,
    /** A range stream was asked to sort. */
    STREAM_SORT,
    /** A range stream was asked to filter by revision. */
    STREAM_FILTER
}
