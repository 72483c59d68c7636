package io.milena.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbortedTransactionsTest {
    private static final int TRANSACTIONS = 100_000;
    private static final int OFFSETS_EACH = 5;
    private static final int FETCHED_OFFSETS = 500;

    @Test
    void shouldReturnOnlyWhatTouchesTheFetchedRange() {
        AbortedTransactions transactions = oneAfterAnother();
        long end = (long) TRANSACTIONS * OFFSETS_EACH;
        int returned = 0;
        // The steps do not end where transactions end.
        for (long from = 0; from < end; from += FETCHED_OFFSETS - 1) {
            long upTo = Math.min(end, from + FETCHED_OFFSETS - 1);
            List<AbortedTransaction> found = new ArrayList<>();
            transactions.collect(from, upTo, found);
            assertThat(found).isEqualTo(touching(from, upTo));
            returned += found.size();
        }
        assertThat(returned).isBetween(TRANSACTIONS, 2 * TRANSACTIONS);
    }

    private static AbortedTransactions oneAfterAnother() {
        AbortedTransactions transactions = new AbortedTransactions();
        for (int i = 0; i < TRANSACTIONS; i++) {
            transactions.append(transaction(i));
        }
        return transactions;
    }

    private static List<AbortedTransaction> touching(long from, long upTo) {
        List<AbortedTransaction> touching = new ArrayList<>();
        for (long i = from / OFFSETS_EACH; i <= (upTo - 1) / OFFSETS_EACH; i++) {
            touching.add(transaction(i));
        }
        return touching;
    }

    private static AbortedTransaction transaction(long number) {
        long first = number * OFFSETS_EACH;
        long marker = first + OFFSETS_EACH - 1;
        return new AbortedTransaction(number % 7, first, marker, marker + 1);
    }
}
