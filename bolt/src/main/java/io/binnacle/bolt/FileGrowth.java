package io.binnacle.bolt;

/**
 * How long the file is made: bbolt ties it to the size of its mapping. We map otherwise, but keep the number, since
 * file sizes are visible to operators and to bbolt's tools. Owned by the writer's thread.
 */
final class FileGrowth {

    private static final long MAP_MIN = 32 << 10;
    private static final long MAP_STEP = 1L << 30;
    private static final long ALLOC_STEP = 16 << 20;

    private long mapBytes;

    FileGrowth(long fileBytes, long initialMapBytes) {
        mapBytes = mapBytesFor(Math.max(fileBytes, initialMapBytes));
    }

    /** To be told when pages are taken at the high-water mark: {@code endBytes} is the end of the page after them. */
    void reached(long endBytes, long fileBytes) {
        if (endBytes >= mapBytes) mapBytes = mapBytesFor(Math.max(fileBytes, endBytes));
    }

    /** The length for a file that must hold {@code neededBytes} and is too short. */
    long lengthFor(long neededBytes) {
        return mapBytes <= ALLOC_STEP ? mapBytes : neededBytes + ALLOC_STEP;
    }

    private static long mapBytesFor(long bytes) {
        for (long size = MAP_MIN; size <= MAP_STEP; size *= 2) {
            if (bytes <= size) return size;
        }
        return (bytes + MAP_STEP - 1) / MAP_STEP * MAP_STEP;
    }
}
