package dev.roster.plan;

/**
 * The rows of the situation table (docs/architecture.md), in its order. A worker or node is in exactly one of them after
 * each pass: the first that matches.
 */
public enum Situation {
    /** Row 0: drained or removed by a person, and still sighted. */
    KEPT_OUT("0", Weight.CALM),
    /** Row 0: as before, and it still runs with this cluster's metadata: the fence check that ends every removal fails. */
    UNFENCED("0", Weight.ALARM),
    /** Row 0: shards are moving away. */
    DRAINING("0", Weight.CHANGING),
    /** Row 0: a drain that cannot begin, is stuck, or was given up. */
    DRAIN_STUCK("0", Weight.ALARM),
    /** Row 0: an order that waits for something to end. */
    ORDER_WAITING("0", Weight.WAITING),
    /** Row 0: an empty server takes the place of one that is lost for good, and gets its shards. */
    REPLACING("0", Weight.CHANGING),
    /** Row 0: removed by order. */
    REMOVING("0", Weight.CHANGING),
    /** Row 1. */
    NOT_READY("1", Weight.WAITING),
    /** Row 1, the probe's part: ready by its source, but not probed, or the probe failed. */
    NOT_PROBED("1", Weight.WAITING),
    /** Row 2. */
    SELF("2", Weight.ALARM),
    /** Row 3. */
    ALIAS("3", Weight.CALM),
    /** Row 4: a standby at an address without a node. */
    STANDBY("4", Weight.CALM),
    /** Row 4: a standby of a member becomes a secondary of its group. */
    REGISTERING("4", Weight.CHANGING),
    /** Row 5: a member's data at a new address, shown good: the row follows it. */
    FOLLOWING("5", Weight.CHANGING),
    /** Row 5, not yet: a member's data at a new address, while it is not known what became of the old server. */
    COPY("5", Weight.WAITING),
    /** Row 6: a member's data is writable in two places. */
    TWIN("6", Weight.ALARM),
    /** Row 7: a member's data at a new address, not shown to be the latest. */
    STALE_COPY("7", Weight.ALARM),
    /** Row 8. */
    CARRIES_SHARDS("8", Weight.ALARM),
    /** Row 9. */
    FORMER_MEMBER("9", Weight.CHANGING),
    /** Row 10: another cluster's worker, or a coordinator. */
    FOREIGN("10", Weight.ALARM),
    /** Row 10: lacks or mismatches the extension, or has relations that clash. */
    UNFIT("10", Weight.ALARM),
    /** Row 11. */
    JOINING("11", Weight.CHANGING),
    /** Row 11b. */
    UNDECIDED("11b", Weight.WAITING),
    /** Row 12. */
    COORDINATOR_ROW("12", Weight.CALM),
    /** Row 13. */
    MEMBER_NOT_READY("13", Weight.WAITING),
    /** Row 14. */
    DISABLED_BY_OTHERS("14", Weight.CALM),
    /** Row 15. */
    REACTIVATING("15", Weight.CHANGING),
    /** Row 16. */
    IDENTITY_UNKNOWN("16", Weight.WAITING),
    /** Row 17. */
    MEMBER("17", Weight.CALM),
    /** Row 17, its alarm: {@code metadatasynced} has been false for over two minutes. */
    OUT_OF_SYNC("17", Weight.ALARM),
    /** Rows 18 and 18b: the server's recovery state is not that of the row's role, and nothing is followed. */
    WRONG_RECOVERY_STATE("18", Weight.ALARM),
    /** Row 19. */
    ADOPTING("19", Weight.CHANGING),
    /** Rows 20 and 3b: the data of another member. */
    MOVED("20", Weight.ALARM),
    /** Row 21. */
    REINITIALISED("21", Weight.CALM),
    /** Row 22. */
    EMPTY_SERVER_REPLACED("22", Weight.CHANGING),
    /** Row 23. */
    REPLACED("23", Weight.ALARM),
    /** Row 24. */
    UNMANAGED("24", Weight.CALM),
    /** Row 25. */
    OUT_OF_SCOPE("25", Weight.WAITING),
    /** Row 26. */
    ALIVE_UNDISCOVERED("26", Weight.WAITING),
    /** Row 27: the row of a secondary that Roster registered goes. */
    SECONDARY_LEAVING("27", Weight.CHANGING),
    /** Row 28. */
    ABSENT("28", Weight.WAITING),
    /** Row 29. */
    STRANDED("29", Weight.ALARM),
    /** Row 30. */
    ABSENT_UNPROVEN("30", Weight.WAITING),
    /** Row 31. */
    LEAVING("31", Weight.CHANGING),
    /** Row 32. */
    ADOPTED_ABSENT("32", Weight.WAITING),
    /** Row 33. */
    DISABLING("33", Weight.CHANGING),
    /** Row 34. */
    KEPT("34", Weight.WAITING);

    private final String row;
    private final Weight weight;

    Situation(String row, Weight weight) {
        this.row = row;
        this.weight = weight;
    }

    /** The row's number in the table, such as {@code 11b}. */
    public String row() {
        return row;
    }

    /** How much it matters to a person. */
    public Weight weight() {
        return weight;
    }

    /** How much a situation matters to a person. */
    public enum Weight {
        /** As it should be. */
        CALM,
        /** Something is under way. */
        CHANGING,
        /** Not as it should be, and expected to pass, or a decision left to a person. */
        WAITING,
        /** A person needs to act. */
        ALARM
    }
}
