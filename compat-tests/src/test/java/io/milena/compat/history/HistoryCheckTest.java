package io.milena.compat.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.compat.history.Anomaly.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {

    private final History history = new History();

    private void by(String process, String... lines) {
        history.add(process, List.of(lines));
    }

    private void assertFound(Kind... kinds) {
        assertThat(HistoryCheck.anomalies(history)).extracting(Anomaly::kind).containsExactly(kinds);
    }

    /** Two records of a committed transaction, in two partitions. */
    private void commitTwo() {
        by("p", "begin t", "send t in 0 a -", "send t in 1 b -", "ack a 0", "ack b 0", "commit t", "committed t");
    }

    @Test
    void shouldPassSoundHistoriesWithUnknownOutcomes() {
        commitTwo();
        by("p", "begin u", "send u in 0 c -", "send u in 1 d -", "commit u", "unknown u TimeoutException");
        by("q", "begin v", "send v in 0 e -", "ack e 4", "commit v");
        by("q2", "begin w", "send w in 0 f -", "ack f 6", "begin x", "send x in 0 g -", "ack g 7", "aborted x");
        by("i", "send - in 1 h -", "ack h 4", "send - in 1 i -", "send - in 1 j -", "fail j", "send - in 1 k -");
        by("r", "position in 0 0", "read in 0 0 a", "reached in 0 2", "read in 0 2 c", "reached in 0 10");
        by("r", "position in 1 0", "read in 1 0 b", "read in 1 2 d", "read in 1 4 h", "read in 1 5 k", "left told");
        by("late", "position in 1 -1", "read in 1 2 d", "position in 1 2", "read in 1 2 d", "read in 1 4 h");
        by("parent", "end in 0 10", "end in 1 6");
        assertFound();
    }

    @Test
    void shouldFindAnAcknowledgedRecordThatIsLost() {
        by("i", "send - in 0 a -", "ack a 0", "send - in 0 b -", "ack b 1", "send - in 0 c -", "ack c 2");
        by("r", "position in 0 0", "read in 0 0 a", "read in 0 2 c");
        assertFound(Kind.LOST);
    }

    @Test
    void shouldFindAnAcknowledgedRecordThatIsLostAtTheEnd() {
        by("i", "send - in 0 a -", "ack a 0", "send - in 0 b -", "ack b 1");
        by("r", "position in 0 0", "read in 0 0 a");
        assertFound();
        by("parent", "end in 0 1");
        assertFound(Kind.LOST);
    }

    @Test
    void shouldFindACommittedTransactionThatIsLost() {
        by("p", "begin t", "send t in 0 a -", "commit t", "committed t");
        by("r", "position in 0 0", "reached in 0 2");
        by("parent", "end in 0 2");
        assertFound(Kind.LOST);
    }

    @Test
    void shouldFindAPartitionThatNobodyReadToItsEnd() {
        by("r", "position in 0 3", "reached in 0 9", "position in 0 0", "reached in 0 8");
        by("parent", "end in 0 9");
        assertFound(Kind.LOST);
    }

    @Test
    void shouldFindARecordThatIsThereTwice() {
        by("i", "send - in 0 a -", "ack a 0");
        by("r", "position in 0 0", "read in 0 0 a", "read in 0 1 a");
        assertFound(Kind.DUPLICATED);
    }

    @Test
    void shouldFindARecordThatIsReadTwice() {
        by("i", "send - in 0 a -", "ack a 0");
        by("r", "position in 0 0", "read in 0 0 a", "read in 0 0 a");
        assertFound(Kind.DUPLICATED);
    }

    @Test
    void shouldFindRecordsInAnotherOrderThanTheyWereSent() {
        by("i", "send - in 0 a -", "send - in 0 b -");
        by("r", "position in 0 0", "read in 0 0 b", "read in 0 1 a");
        assertFound(Kind.REORDERED);
    }

    @Test
    void shouldFindAReaderThatGoesBack() {
        by("i", "send - in 0 a -", "send - in 0 b -");
        by("r", "position in 0 0", "read in 0 1 b", "read in 0 0 a");
        assertThat(HistoryCheck.anomalies(history)).extracting(Anomaly::kind).contains(Kind.REORDERED);
    }

    @Test
    void shouldFindARecordOfAnAbortedTransaction() {
        by("p", "begin t", "send t in 0 a -", "ack a 0", "commit t", "unknown t X", "aborted t");
        by("r", "position in 0 0", "read in 0 0 a");
        assertFound(Kind.ABORTED_READ);
    }

    @Test
    void shouldFindARecordOfATransactionThatNobodyAskedToCommit() {
        by("p", "begin t", "send t in 0 a -", "ack a 0");
        by("r", "position in 0 0", "read in 0 0 a");
        assertFound(Kind.ABORTED_READ);
    }

    @Test
    void shouldFindARecordThatWasRefused() {
        by("i", "send - in 0 a -", "fail a");
        by("r", "position in 0 0", "read in 0 0 a");
        assertFound(Kind.FAILED_READ);
    }

    @Test
    void shouldFindAPartOfACommittedTransaction() {
        commitTwo();
        by("r", "position in 0 0", "read in 0 0 a", "position in 1 0", "reached in 1 2");
        assertFound(Kind.PARTIAL_TRANSACTION);
    }

    @Test
    void shouldFindAPartOfATransactionWithUnknownOutcome() {
        by("p", "begin t", "send t in 0 a -", "send t in 1 b -", "commit t");
        by("r", "position in 0 0", "read in 0 0 a", "position in 1 0", "reached in 1 2");
        assertFound();
        by("parent", "end in 1 2");
        assertFound(Kind.PARTIAL_TRANSACTION);
    }

    @Test
    void shouldFindAReaderThatMissesWhatAnotherSaw() {
        commitTwo();
        by("r", "position in 0 0", "read in 0 0 a", "position in 1 0", "read in 1 0 b");
        assertFound();
        by("s", "position in 1 0", "reached in 1 1");
        assertFound(Kind.PARTIAL_TRANSACTION);
    }

    @Test
    void shouldFindRecordsThatAreNotWhatTheyWere() {
        by("i", "send - in 0 a -", "ack a 0", "send - in 0 b -");
        by("r", "position in 0 1", "read in 0 1 a");
        assertFound(Kind.CHANGED);
        by("r", "read in 0 2 stranger");
        assertFound(Kind.CHANGED, Kind.CHANGED);
        by("s", "position in 0 1", "read in 0 1 b");
        assertThat(HistoryCheck.anomalies(history))
                .hasSizeGreaterThan(2)
                .extracting(Anomaly::kind)
                .contains(Kind.CHANGED);
    }

    /** Inputs at 0 and 1, and an output of the first in a committed transaction. */
    private void copyOne() {
        by("i", "send - in 0 a -", "ack a 0", "send - in 0 b -", "ack b 1");
        by("r", "position in 0 0", "read in 0 0 a", "read in 0 1 b");
        by("c", "begin t", "send t out 0 A in:0:0", "offsets t g in 0 1", "commit t", "committed t");
        by("r", "position out 0 0", "read out 0 0 A");
    }

    @Test
    void shouldPassOffsetsThatAgreeWithOutputs() {
        copyOne();
        by("d", "begin u", "send u out 0 B in:0:1", "offsets u g in 0 2", "commit u");
        by("parent", "group g in 0 1", "end in 0 2", "end out 0 1");
        assertFound();
    }

    @Test
    void shouldFindInputsWithoutOutput() {
        copyOne();
        by("d", "begin u", "send u out 0 B in:0:1", "offsets u g in 0 2", "commit u");
        by("parent", "group g in 0 2");
        assertFound(Kind.OFFSETS);
    }

    @Test
    void shouldFindInputsWithTwoOutputs() {
        copyOne();
        by("d", "begin u", "send u out 0 A2 in:0:0", "offsets u g in 0 1", "commit u");
        by("r", "read out 0 2 A2");
        by("parent", "group g in 0 1");
        assertFound(Kind.OFFSETS);
    }

    @Test
    void shouldFindOffsetsThatNobodyCommitted() {
        copyOne();
        by("d", "begin u", "offsets u g in 0 9", "aborted u");
        by("parent", "group g in 0 9");
        assertThat(HistoryCheck.anomalies(history))
                .isNotEmpty()
                .extracting(Anomaly::kind)
                .containsOnly(Kind.OFFSETS);
    }

    @Test
    void shouldFindOffsetsThatWereLost() {
        copyOne();
        by("parent", "group g in 0 -1");
        assertThat(HistoryCheck.anomalies(history))
                .isNotEmpty()
                .extracting(Anomaly::kind)
                .containsOnly(Kind.OFFSETS);
    }

    @Test
    void shouldRefuseLinesThatMakeNoSense() {
        assertThatThrownBy(() -> by("p", "begin")).isInstanceOf(IllegalArgumentException.class);
        by("p", "commit t");
        assertThatThrownBy(() -> HistoryCheck.anomalies(history)).isInstanceOf(IllegalArgumentException.class);
    }
}
