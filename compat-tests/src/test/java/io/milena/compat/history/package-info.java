/**
 * A history of what many clients did and saw, and a checker that says where it contradicts itself. Clients of any kind, in any
 * number of processes and against any number of brokers, write one event a line; {@link io.milena.compat.history.History} merges
 * them and keeps the order of each process; {@link io.milena.compat.history.HistoryCheck} looks for lost, duplicated, moved and
 * aborted records, parts of transactions, and groups whose offsets disagree with their outputs. Nothing here talks to a broker
 * or owns a thread. May depend on the JDK and on Kafka's name of a partition.
 */
@NullMarked
package io.milena.compat.history;

import org.jspecify.annotations.NullMarked;
