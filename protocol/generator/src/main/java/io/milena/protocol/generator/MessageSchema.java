package io.milena.protocol.generator;

import java.util.List;

/**
 * A request, a response or a stored record: one generated class.
 *
 * @param purpose what the generated Javadoc says it is
 * @param root the struct of the message itself
 * @param structs the other structs, in order of appearance
 * @param flexible the versions with compact lengths and tagged sections
 */
record MessageSchema(String purpose, StructSchema root, List<StructSchema> structs, VersionRange flexible) {
    String name() {
        return root.name();
    }

    VersionRange versions() {
        return root.versions();
    }
}
