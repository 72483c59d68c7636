package io.milena.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.cluster.Controller.Mode;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.cluster.QuotaChange;
import io.milena.server.cluster.QuotaEntity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientThrottleTest {
    private static final String QUOTA = ClientThrottle.PRODUCED_BYTES;

    private final AtomicLong nowMs = new AtomicLong(5_000);
    private final ManualCluster cluster = new ManualCluster(Map.of());
    private final ClientThrottle throttle = new ClientThrottle(cluster.controller(), nowMs::get, 10_000);

    @Test
    void shouldThrottleNobodyWithoutQuotas() {
        assertThat(throttle.isNeeded()).isFalse();
        assertThat(throttle.use(QUOTA, "u", "c", 1e12)).isZero();
    }

    @Test
    void shouldLetUseMoreForAWhileAndThenExactlyTheQuota() {
        set(100, "user", "u");
        assertThat(throttle.isNeeded()).isTrue();
        assertThat(throttle.use(QUOTA, "u", "c", 1_000)).isZero();
        assertThat(throttle.use(QUOTA, "u", "c", 50)).isEqualTo(500);
        nowMs.addAndGet(500);
        assertThat(throttle.use(QUOTA, "u", "c", 200)).isEqualTo(2_000);
        nowMs.addAndGet(2_000);
        assertThat(throttle.use(QUOTA, "u", "c", 0)).isZero();
        assertThat(throttle.use(QUOTA, "u", "other", 100)).isEqualTo(1_000);
        assertThat(throttle.use(ClientThrottle.FETCHED_BYTES, "u", "c", 1e12)).isZero();
        assertThat(throttle.use(QUOTA, "someone", "c", 1e12)).isZero();
    }

    @Test
    void shouldTakeTheMostParticularQuota() {
        List<@Nullable String[]> weakestFirst = new ArrayList<>();
        weakestFirst.add(new @Nullable String[] {"client-id", null});
        weakestFirst.add(new String[] {"client-id", "c"});
        weakestFirst.add(new @Nullable String[] {"user", null});
        weakestFirst.add(new @Nullable String[] {"user", null, "client-id", null});
        weakestFirst.add(new @Nullable String[] {"user", null, "client-id", "c"});
        weakestFirst.add(new String[] {"user", "u"});
        weakestFirst.add(new @Nullable String[] {"user", "u", "client-id", null});
        weakestFirst.add(new String[] {"user", "u", "client-id", "c"});
        int perSecond = 1;
        for (@Nullable String[] names : weakestFirst) {
            set(perSecond, names);
            nowMs.addAndGet(1_000_000_000);
            assertThat(throttle.use(QUOTA, "u", "c", 11.0 * perSecond)).isEqualTo(1_000);
            perSecond *= 2;
        }
    }

    @Test
    void shouldWaitAsLongAsATimerCan() {
        set(1, "user", "u");
        assertThat(throttle.use(QUOTA, "u", "c", 1e300)).isEqualTo(Integer.MAX_VALUE);
        assertThat(throttle.use(QUOTA, "u", "c", 1e300)).isEqualTo(Integer.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            assertThat(throttle.use(QUOTA, "u", "c", 1e300)).isEqualTo(Integer.MAX_VALUE);
        }
    }

    private void set(double perSecond, @Nullable String... typesAndNames) {
        List<QuotaEntity.Part> parts = new ArrayList<>();
        for (int i = 0; i < typesAndNames.length; i += 2) {
            parts.add(new QuotaEntity.Part(String.valueOf(typesAndNames[i]), typesAndNames[i + 1]));
        }
        QuotaChange change =
                new QuotaChange(new QuotaEntity(parts), List.of(new QuotaChange.Operation(QUOTA, perSecond)));
        cluster.await(cluster.controller().alterQuotas(List.of(change), Mode.APPLY));
    }
}
