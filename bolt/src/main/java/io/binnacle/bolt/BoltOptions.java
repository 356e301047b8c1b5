package io.binnacle.bolt;

/**
 * How to open a file.
 *
 * @param pageSize bytes per page of a file that is created now, a power of two from 1024 to 65536; an existing file
 *     keeps its own, and this is the last guess when its first meta page is damaged
 * @param freelistType how free pages are chosen
 * @param freelistSync whether each commit stores the list of free pages; etcd's default is not to, and to rebuild it at open
 * @param initialMapBytes the smallest size bbolt would map, which decides how the file grows; 0 for none
 * @param readOnly whether to take the shared lock and refuse writers
 * @param noSync whether to leave out every sync: for throw-away files only
 * @param fillPercent how full a split page becomes unless a bucket says otherwise, 0.1 to 1.0
 */
public record BoltOptions(
        int pageSize,
        FreelistType freelistType,
        boolean freelistSync,
        long initialMapBytes,
        boolean readOnly,
        boolean noSync,
        double fillPercent) {

    /** Checks the ranges. */
    public BoltOptions {
        if (pageSize < 1024 || pageSize > 65536 || Integer.bitCount(pageSize) != 1) {
            throw new IllegalArgumentException("page size " + pageSize);
        }
        if (initialMapBytes < 0) throw new IllegalArgumentException("initial map size " + initialMapBytes);
        if (!(fillPercent >= 0.1 && fillPercent <= 1.0)) throw new IllegalArgumentException("fill percent " + fillPercent);
    }

    /** What bbolt does when told nothing, with the freelist in memory only, as etcd runs it. */
    public static BoltOptions defaults() {
        return new BoltOptions(4096, FreelistType.ARRAY, false, 0, false, false, 0.5);
    }

    /** The same with another page size for a new file. */
    public BoltOptions withPageSize(int bytes) {
        return new BoltOptions(bytes, freelistType, freelistSync, initialMapBytes, readOnly, noSync, fillPercent);
    }

    /** The same with another freelist type. */
    public BoltOptions withFreelistType(FreelistType type) {
        return new BoltOptions(pageSize, type, freelistSync, initialMapBytes, readOnly, noSync, fillPercent);
    }

    /** The same with the freelist stored at each commit, or not. */
    public BoltOptions withFreelistSync(boolean sync) {
        return new BoltOptions(pageSize, freelistType, sync, initialMapBytes, readOnly, noSync, fillPercent);
    }

    /** The same with another smallest mapping. */
    public BoltOptions withInitialMapBytes(long bytes) {
        return new BoltOptions(pageSize, freelistType, freelistSync, bytes, readOnly, noSync, fillPercent);
    }

    /** The same, for reading only or not. */
    public BoltOptions withReadOnly(boolean only) {
        return new BoltOptions(pageSize, freelistType, freelistSync, initialMapBytes, only, noSync, fillPercent);
    }

    /** The same with syncs left out, or not. */
    public BoltOptions withNoSync(boolean none) {
        return new BoltOptions(pageSize, freelistType, freelistSync, initialMapBytes, readOnly, none, fillPercent);
    }

    /** The same with another default fill. */
    public BoltOptions withFillPercent(double percent) {
        return new BoltOptions(pageSize, freelistType, freelistSync, initialMapBytes, readOnly, noSync, percent);
    }
}
