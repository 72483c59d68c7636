package io.milena.protocol.generator;

import java.util.ArrayList;
import java.util.List;

/** Everything that the files of one source directory say. */
record Schema(List<ApiSchema> apis, List<MessageSchema> messages, List<ErrorSchema> errors) {
    Schema() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
}
