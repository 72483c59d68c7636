package io.milena.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IoBudgetTest {
    private final AtomicLong nowMs = new AtomicLong(5000);
    private final IoBudget budget = new IoBudget(nowMs::get);

    @Test
    void shouldSpreadBytesOverTime() {
        assertThat(budget.pay(1000, 10_000)).isEqualTo(100);
        assertThat(budget.pay(1000, 10_000)).isEqualTo(200);
        nowMs.addAndGet(150);
        assertThat(budget.pay(1000, 10_000)).isEqualTo(150);
        nowMs.addAndGet(10_000);
        assertThat(budget.pay(1000, 10_000)).as("what was not used is gone").isEqualTo(100);
    }

    @Test
    void shouldNotWaitWithoutALimitAndNotForever() {
        assertThat(budget.pay(1 << 30, Double.MAX_VALUE)).isZero();
        assertThat(budget.pay(1L << 60, 0)).isEqualTo(Integer.MAX_VALUE);
    }
}
