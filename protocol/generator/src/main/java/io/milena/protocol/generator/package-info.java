/**
 * Turns schema text into Java when the project is built; never shipped. {@link
 * io.milena.protocol.generator.SchemaCompiler} is the program, {@link io.milena.protocol.generator.SchemaParser} reads the
 * language of {@code docs/decisions/001-schema-language.md}, the writers print one Java file each. A mistake in a schema
 * is a {@link io.milena.protocol.generator.SchemaException} with file and line. Single-threaded; depends on the JDK alone.
 */
@org.jspecify.annotations.NullMarked
package io.milena.protocol.generator;
