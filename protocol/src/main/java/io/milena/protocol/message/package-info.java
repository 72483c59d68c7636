/**
 * Requests, responses and stored records, generated from {@code src/main/schema} at build time. Each message is a final
 * class with fluent accessors of the field's name, a static {@code read(Reader, version)} and {@code write(Writer,
 * version)}. Lists default to {@code List.of()} and are kept as given, so set them whole; a tagged struct is null when it
 * is absent. Messages are plain mutable values: whoever builds or reads one owns it, and hands it over when done. Depends
 * on {@code io.milena.protocol} and {@code io.milena.protocol.wire}.
 */
@org.jspecify.annotations.NullMarked
package io.milena.protocol.message;
