package io.binnacle.bolt;

/**
 * What a relocation step will have done once its transaction commits.
 *
 * @param pagesMoved pages that were above the place the file could end at and will lie below
 * @param endBefore high-water mark before, in pages
 * @param endAfter high-water mark after dropping free pages from the end
 */
public record RelocateResult(int pagesMoved, long endBefore, long endAfter) {

    /** Nothing was moved and nothing dropped: further steps only help after snapshots were closed or data was deleted. */
    public boolean finished() {
        return pagesMoved == 0 && endBefore == endAfter;
    }
}
