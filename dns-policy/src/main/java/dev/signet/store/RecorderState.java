// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

/** How recording goes. */
public sealed interface RecorderState {

    /** All is well. */
    record Sound() implements RecorderState {}

    /**
     * The database cannot be had. Nothing is lost: it is all in the journal.
     *
     * @param why what it said
     */
    record Behind(String why) implements RecorderState {}

    /**
     * Messages were set aside, which the database has no place for. All others are counted. It lasts until somebody has taken away the
     * files that are named, or they are as old as all that is forgotten.
     *
     * @param why how much it is and where
     */
    record Refused(String why) implements RecorderState {}

    /**
     * The journal cannot be written, as on a full disk: before long, or already, there is no room in memory, and messages are not
     * recorded. Or that was so within the last minutes.
     *
     * @param why what the file system said, or how many are lost
     */
    record Failing(String why) implements RecorderState {}
}
