package io.milena.server.coordinator;

import java.util.List;

/**
 * What a request comes to: the records that change the state, and the reply once they are committed. Making one touches
 * nothing; {@link ShardContext#carryOut} does the rest.
 *
 * @param records what to append, all or nothing; may be empty
 * @param reply what to answer
 */
public record Decision<T, R>(List<T> records, R reply) {
    /** A decision that changes nothing. */
    public static <T, R> Decision<T, R> reply(R reply) {
        return new Decision<>(List.of(), reply);
    }
}
