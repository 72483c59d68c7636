package io.milena.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the bytes that the event loop allocates for a request, from the JVM's counter of the thread. It takes the requests of
 * {@link RequestBenchmark}; the garbage JMH reports for these is that of all threads, and what the broker does beside them is in it.
 */
public final class RequestGarbage {
    private static final int WARMUP = 50_000;
    private static final int MEASURED = 50_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private RequestGarbage() {}

    private interface Request {
        int send() throws IOException;
    }

    /** Prints a line for each request. */
    public static void main(String[] args) throws IOException {
        RequestBenchmark requests = new RequestBenchmark();
        requests.start();
        try {
            Map<String, Request> all = new LinkedHashMap<>();
            all.put("produce", requests::produce);
            all.put("produceInSequence", requests::produceInSequence);
            all.put("fetch", requests::fetch);
            all.put("fetchInSession", requests::fetchInSession);
            all.put("fetchNothingOfManyPartitions", requests::fetchNothingOfManyPartitions);
            for (Map.Entry<String, Request> entry : all.entrySet()) {
                send(entry.getValue(), WARMUP);
                long before = allocatedByLoops();
                send(entry.getValue(), MEASURED);
                long bytes = allocatedByLoops() - before;
                System.out.printf("%-30s %4d bytes%n", entry.getKey(), bytes / MEASURED);
            }
        } finally {
            requests.stop();
        }
    }

    private static void send(Request request, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            request.send();
        }
    }

    private static long allocatedByLoops() {
        long bytes = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("milena-network")) {
                bytes += THREADS.getThreadAllocatedBytes(thread.getThreadId());
            }
        }
        return bytes;
    }
}
