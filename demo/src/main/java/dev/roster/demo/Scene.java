package dev.roster.demo;

import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.HostPort;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What happens to a cluster in a year, in a minute or two: each step is told, done, and awaited. */
final class Scene {

    /** Generous: what is expected comes within seconds, but a busy machine may be slow to start a server. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Roster itself looks at a drain every five seconds, which is slow to watch. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final int STEPS = 11;
    private static final int SHARDS_FOR_EACH = 4;

    private final Stage stage;
    private final Hands hands;
    private final Visits visits;
    private final Rows rows;
    private final RosterEngine engine;
    private final Story story;
    private final Duration pause;
    private final CountDownLatch never = new CountDownLatch(1);
    private Instant nextLook = Instant.MIN;
    private int step;
    private boolean endIsTold;

    /**
     * @param stage the cluster
     * @param engine Roster
     * @param story where it is told
     * @param pause how long each step is left to be looked at
     */
    Scene(Stage stage, RosterEngine engine, Story story, Duration pause) {
        this.stage = stage;
        this.hands = new Hands(stage, engine);
        this.visits = new Visits(stage);
        this.rows = new Rows(stage.cluster().coordinator());
        this.engine = engine;
        this.story = story;
        this.pause = pause;
    }

    /**
     * Plays it, until the end or until a person takes over.
     *
     * @return whether everything went as told
     */
    boolean play() throws InterruptedException {
        int workers = stage.figures().size();
        int newcomer = workers + 1;
        return told(
                        "All " + workers + " workers join by themselves",
                        "each gets a row",
                        () -> {},
                        () -> members(workers))
                && told(
                        "A table is made, " + SHARDS_FOR_EACH + " shards for each worker",
                        "the shards lie evenly",
                        () -> visits.create(workers * SHARDS_FOR_EACH),
                        visits::isComplete)
                && told(
                        "Worker 1 is stopped",
                        "its row stays, since its data is only away, and its sentence says what that blocks",
                        () -> hands.carryOut("stop", "1"),
                        () -> is(1, Situation.MEMBER_NOT_READY) && members(workers))
                && told(
                        "Worker 1 comes back with its data at the same address",
                        "it is the same member; there is nothing to do",
                        () -> hands.carryOut("start", "1"),
                        () -> is(1, Situation.MEMBER) && members(workers))
                && told(
                        "One more worker starts, worker " + newcomer,
                        "it is asked who it is, then added; it has no shards yet",
                        () -> hands.carryOut("add", ""),
                        () -> members(newcomer))
                && anEmptyServerTakesThePlaceOf(newcomer)
                && told(
                        "Worker " + newcomer + " goes away and held nothing",
                        "its row goes too, five seconds after its absence was certain",
                        () -> hands.carryOut("remove", nameOf(newcomer)),
                        () -> members(workers))
                && told(
                        "It comes back",
                        "it is a former member, and joins again",
                        () -> hands.carryOut("start", nameOf(newcomer)),
                        () -> members(newcomer))
                && aDrainMovesAllShardsOfTheFirst(workers)
                && told(
                        "Worker 2 is lost while it holds shards",
                        "an alarm, and nothing is removed: its row is the only way back to its shards",
                        () -> hands.carryOut("remove", "2"),
                        () -> is(2, Situation.STRANDED) && members(workers))
                && told(
                        "Worker 2 is found again, with its data",
                        "the alarm ends, and every row is there",
                        () -> hands.carryOut("start", "2"),
                        () -> is(2, Situation.MEMBER) && members(workers) && visits.isComplete());
    }

    private boolean anEmptyServerTakesThePlaceOf(int number) throws InterruptedException {
        if (isTakenOver()) {
            return true;
        }
        HostPort address = stage.addressOf(number);
        OptionalInt before = rows.at(address);
        return told(
                "The data of worker " + number + " is thrown away",
                "another server stands at its address now; it held nothing, so it is taken in its place",
                () -> hands.carryOut("wipe", nameOf(number)),
                () -> members(number) && !rows.at(address).equals(before));
    }

    private boolean aDrainMovesAllShardsOfTheFirst(int left) throws InterruptedException {
        if (isTakenOver()) {
            return true;
        }
        String before = visits.describe();
        boolean asTold = told(
                "Worker 1 is drained",
                "its shards move to the others one by one while they are in use; then its row is removed",
                () -> story.tell(Story.Kind.NOTE, hands.carryOut("drain", "1")),
                () -> (is(1, Situation.UNFENCED) || is(1, Situation.KEPT_OUT)) && members(left));
        if (asTold && !stage.isHandedOver()) {
            story.tell(Story.Kind.NOTE, "Before: " + before + ". After: " + visits.describe() + ".");
        }
        return asTold && (stage.isHandedOver() || visits.isComplete());
    }

    private boolean told(String title, String watch, Runnable happening, BooleanSupplier expected)
            throws InterruptedException {
        if (isTakenOver()) {
            return true;
        }
        step++;
        story.tell(Story.Kind.STEP, step + " of " + STEPS + ": " + title);
        story.tell(Story.Kind.WATCH, watch);
        happening.run();
        Instant changed = stage.now();
        engine.nudge("the scene went on");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String said = "";
        while (!(hasLookedSince(changed) && expected.getAsBoolean())) {
            if (isTakenOver()) {
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                story.tell(
                        Story.Kind.NOTE,
                        "This did not happen within " + PATIENCE.toSeconds() + " s. The rows are " + rows.read());
                return false;
            }
            said = progress(said);
            never.await(200, TimeUnit.MILLISECONDS);
        }
        engine.latest().map(PassResult::sentence).ifPresent(text -> story.tell(Story.Kind.ROSTER, text));
        never.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    /** Whether a person decides from now on, which is told once. */
    private boolean isTakenOver() {
        if (stage.isHandedOver() && !endIsTold) {
            endIsTold = true;
            story.tell(Story.Kind.NOTE, "You took over, so the scene ends here.");
        }
        return stage.isHandedOver();
    }

    /** Tells the sentence of whoever needs or takes time, when it changed. */
    private String progress(String said) {
        Optional<String> sentence = verdicts()
                .filter(verdict -> switch (verdict.situation().weight()) {
                    case CHANGING, ALARM -> true;
                    case CALM, WAITING -> false;
                })
                .map(verdict -> verdict.name() + ": " + verdict.sentence())
                .findFirst()
                .filter(text -> !text.equals(said));
        sentence.ifPresent(text -> story.tell(Story.Kind.ROSTER, text));
        Instant now = stage.now();
        if (is(1, Situation.DRAINING) && !now.isBefore(nextLook)) {
            nextLook = now.plus(BETWEEN_LOOKS);
            engine.nudge("the demo watches the drain");
        }
        return sentence.orElse(said);
    }

    private Stream<Verdict> verdicts() {
        return engine.latest().stream().flatMap(pass -> pass.plan().verdicts().stream());
    }

    private boolean is(int number, Situation situation) {
        HostPort address = stage.addressOf(number);
        return verdicts().anyMatch(verdict -> verdict.address().equals(address) && verdict.situation() == situation);
    }

    /** Whether so many workers have an active row. */
    private boolean members(int number) {
        Map<HostPort, Rows.Row> now = rows.read();
        return now.size() == number && now.values().stream().allMatch(Rows.Row::isActive);
    }

    /** Whether a whole pass has begun after this, so that what is there is its answer and not what was there before. */
    private boolean hasLookedSince(Instant change) {
        return engine.latest().filter(pass -> pass.startedAt().isAfter(change)).isPresent();
    }

    private static String nameOf(int number) {
        return Stage.nameOf(number);
    }
}
