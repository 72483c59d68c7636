package io.milena.compat;

import io.milena.compat.program.StreamsTopology;
import java.util.List;
import java.util.StringJoiner;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Lines of one to three words. */
final class StreamsWords extends StreamsWork {

    private static final int WORDS = 500;
    private static final int LONGEST = 3;

    private int lines;

    StreamsWords(String application, long seed) {
        super(StreamsTopology.WORDS, application, seed);
    }

    @Override
    List<ProducerRecord<String, String>> first() {
        return List.of();
    }

    @Override
    ProducerRecord<String, String> next() {
        StringJoiner line = new StringJoiner(" ");
        int words = random().nextInt(1, LONGEST + 1);
        for (int i = 0; i < words; i++) {
            String word = "word-" + random().nextInt(WORDS);
            expectCount(word);
            line.add(word);
        }
        return new ProducerRecord<>(topic(StreamsTopology.LINES_TOPIC), Integer.toString(lines++), line.toString());
    }
}
