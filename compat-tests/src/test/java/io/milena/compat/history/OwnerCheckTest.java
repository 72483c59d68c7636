package io.milena.compat.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.history.Anomaly.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerCheckTest {

    private final History history = new History();

    private void by(String process, String... lines) {
        history.add(process, List.of(lines));
    }

    private void assertFound(Kind... kinds) {
        assertThat(OwnerCheck.anomalies(history)).extracting(Anomaly::kind).containsExactly(kinds);
    }

    @Test
    void shouldAcceptOwnersOneAfterTheOther() {
        by("a", "assigned t 0 10", "epoch 1", "read t 0 0 x", "stored t 0 1 20", "revoked t 0 30");
        by("b", "assigned t 0 31", "epoch 2", "read t 0 1 y");
        by("end", "end t 0 2");
        assertFound();
    }

    @Test
    void shouldFindTwoLiveOwners() {
        by("a", "assigned t 0 10", "read t 0 0 x", "revoked t 0 30");
        by("b", "assigned t 0 29", "read t 0 1 y");
        assertFound(Kind.TWO_OWNERS);
    }

    @Test
    void shouldFindOwnersBesideALongOne() {
        by("a", "assigned t 0 10");
        by("b", "assigned t 0 11", "revoked t 0 12");
        by("c", "assigned t 0 13");
        assertFound(Kind.TWO_OWNERS, Kind.TWO_OWNERS);
    }

    @Test
    void shouldAcceptOwnersAfterOneThatIsHeldUpOrDead() {
        by("a", "assigned t 0 10", "read t 0 0 x");
        by("a", "held 20");
        by("b", "assigned t 0 21", "read t 0 0 x");
        assertFound();
    }

    @Test
    void shouldAcceptThatOneThatWasHeldUpLearnsLateWhatItHad() {
        by("a", "held 20", "assigned t 0 40");
        by("b", "assigned t 0 30", "read t 0 0 x", "stored t 0 1 35");
        by("c", "held 20", "assigned t 0 60000000000");
        assertFound(Kind.TWO_OWNERS);
    }

    @Test
    void shouldFindTwoReadersInOneEpochEvenIfOneIsHeldUp() {
        by("a", "assigned t 0 10", "epoch 4", "read t 0 0 x", "held 20");
        by("b", "assigned t 0 21", "epoch 4", "read t 0 0 x");
        assertFound(Kind.TWO_OWNERS);
    }

    @Test
    void shouldFindOwnersThatBeginBeforeWhatWasStored() {
        by("a", "assigned t 0 10", "read t 0 0 x", "read t 0 1 y", "stored t 0 2 20", "revoked t 0 30");
        by("b", "assigned t 0 31", "read t 0 1 y");
        assertFound(Kind.OFFSETS);
    }

    @Test
    void shouldAcceptRecordsAgainThatWereNotStoredInTime() {
        by("a", "assigned t 0 10", "read t 0 0 x", "held 20", "stored t 0 1 40");
        by("b", "assigned t 0 31", "read t 0 0 x");
        assertFound();
    }

    @Test
    void shouldFindRecordsThatNoMemberRead() {
        by("a", "assigned t 0 10", "read t 0 0 x", "revoked t 0 20");
        by("b", "assigned t 0 31", "read t 0 2 z");
        by("end", "position t 0 0", "read t 0 1 y", "end t 0 3");
        assertFound(Kind.LOST);
    }
}
