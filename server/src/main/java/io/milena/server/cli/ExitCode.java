package io.milena.server.cli;

/** How the program ends, for scripts. */
final class ExitCode {
    /** It did what it was asked to; also a broker that was told to stop. */
    static final int DONE = 0;

    /** It could not: a setting, a folder or a port is wrong, or the data folders of a running broker failed. */
    static final int FAILED = 1;

    /** The command line was not understood. */
    static final int USAGE = 2;

    private ExitCode() {}
}
