package io.milena.log;

import java.util.Random;

/** A file or a folder of a {@link SimulatedDisk}. */
interface SimulatedNode {
    /** Becomes what a restart after a loss of power finds. */
    void losePower(Random random);
}
