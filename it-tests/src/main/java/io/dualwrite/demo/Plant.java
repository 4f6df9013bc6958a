package io.dualwrite.demo;

/** A fault that a test has the demo make, to see that the verdict finds it. */
enum Plant {
    NONE,
    /** In phase 3, after the last verification, a row's mirrored write is taken back on new. */
    LOST_MIRROR_WRITE,
    /** The operator forgets the final sync and whatever would tell him so. */
    SKIPPED_SYNC,
    /** In phase 6 a row is deleted on new that nobody asked to delete. */
    DELETED_ROW
}
